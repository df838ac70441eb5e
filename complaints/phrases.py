"""What sentences of the case history are made of: patterns by what the facts say, dots of the rail. No queries here."""

from collections.abc import Mapping

from django.utils.translation import gettext_noop

from complaints.states import Verb

# The dot on the rail.
ICONS: Mapping[str, str] = {
    Verb.REGISTER: "pencil-plus",
    Verb.RESPOND: "message-2",
    Verb.PROMISE: "calendar-check",
    Verb.TAKE: "user-check",
    Verb.HAND_OVER: "arrow-right",
    Verb.ACCEPT: "user-check",
    Verb.DECLINE: "arrow-back-up",
    Verb.RECALL: "arrow-back-up",
    Verb.ASSIGN: "user-share",
    Verb.REMIND: "bell-ringing",
    Verb.NOTE: "lock",
    Verb.ATTACH: "file-plus",
    Verb.INVESTIGATE: "zoom-check",
    Verb.RESOLVE: "checks",
    Verb.CLOSE: "archive",
    Verb.CALL_BACK: "phone-outgoing",
    Verb.REOPEN: "rotate",
    Verb.WITHDRAW: "arrow-back-up",
    Verb.REVEAL: "eye",
    Verb.ASK_EXTENSION: "calendar-plus",
    Verb.RECALL_EXTENSION: "arrow-back-up",
    Verb.APPROVE_EXTENSION: "calendar-check",
    Verb.DECLINE_EXTENSION: "calendar-x",
    Verb.EXTEND: "calendar-plus",
    Verb.BREACH: "alarm",
    Verb.WARN: "alarm-snooze",
    Verb.ESCALATE: "stairs-up",
    Verb.RECOMPUTE: "calendar-cog",
    Verb.PAUSE: "player-pause",
    Verb.RESUME: "player-play",
}
MEANS_ICONS: Mapping[str, str] = {
    "phone": "phone-outgoing",
    "face_to_face": "users",
    "sms": "device-mobile-message",
    "email": "mail",
    "letter": "mail-opened",
    "wechat": "brand-wechat",
    "no_contact": "ban",
}

FIELDS: Mapping[str, str] = {
    "name": gettext_noop("name"),
    "phone": gettext_noop("phone"),
    "email": gettext_noop("e-mail"),
    "id_number": gettext_noop("document number"),
    "address": gettext_noop("address"),
    "account": gettext_noop("account"),
    "principal": gettext_noop("on behalf of"),
}
ANSWERS: Mapping[tuple[str, bool], str] = {
    ("", True): gettext_noop("%(who)s told the customer"),
    ("phone", True): gettext_noop("%(who)s told the customer by phone"),
    ("face_to_face", True): gettext_noop("%(who)s told the customer face to face"),
    ("sms", True): gettext_noop("%(who)s told the customer by SMS"),
    ("email", True): gettext_noop("%(who)s told the customer by e-mail"),
    ("letter", True): gettext_noop("%(who)s told the customer by letter"),
    ("wechat", True): gettext_noop("%(who)s told the customer by WeChat"),
    ("no_contact", True): gettext_noop("%(who)s noted the answer; no contact was left"),
    ("", False): gettext_noop("%(who)s tried to reach the customer"),
    ("phone", False): gettext_noop("%(who)s called the customer without reaching them"),
    ("sms", False): gettext_noop("%(who)s wrote to the customer by SMS; not known to have arrived"),
    ("email", False): gettext_noop("%(who)s wrote to the customer by e-mail; not known to have arrived"),
    ("letter", False): gettext_noop("%(who)s wrote to the customer by letter; not known to have arrived"),
    ("wechat", False): gettext_noop("%(who)s wrote to the customer by WeChat; not known to have arrived"),
}
OPINIONS: Mapping[str, str] = {
    "": gettext_noop("%(who)s called the customer back without reaching them"),
    "satisfied": gettext_noop("%(who)s called the customer back: satisfied"),
    "accepted": gettext_noop("%(who)s called the customer back: they accept the outcome"),
    "not_satisfied": gettext_noop("%(who)s called the customer back: not satisfied"),
}
FINDINGS: Mapping[str, str] = {
    "": gettext_noop("%(who)s recorded the findings"),
    "yes": gettext_noop("%(who)s recorded the findings: founded"),
    "partly": gettext_noop("%(who)s recorded the findings: partly founded"),
    "no": gettext_noop("%(who)s recorded the findings: not founded"),
}
OUTCOMES: Mapping[str, str] = {
    "": gettext_noop("%(who)s told the customer the outcome"),
    "explained": gettext_noop("%(who)s told the customer the outcome: explained"),
    "corrected": gettext_noop("%(who)s told the customer the outcome: corrected"),
    "redressed": gettext_noop("%(who)s told the customer the outcome: redress given"),
    "settled": gettext_noop("%(who)s told the customer the outcome: settled by agreement"),
    "not_accepted": gettext_noop("%(who)s told the customer the outcome: demand not accepted"),
}
