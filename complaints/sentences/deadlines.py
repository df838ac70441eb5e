"""Sentences of what becomes of deadlines: agreed, passed, warned of, moved, paused. No queries here."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from complaints.sentences.naming import Naming, Told, target_label
from complaints.states import Verb, WaitsFor
from sla import wording
from sla.sentences import amount_words


def promise(event: Told, names: Naming) -> str:
    reply_at = event.facts.get("reply_at")
    values = {"who": names[event.actor_id], "when": names.word(_moment(reply_at)) if reply_at else "…"}
    return _("%(who)s agreed with the customer to reply by %(when)s") % values


def _moment(iso: str) -> str:
    local = wording.local_of(datetime.fromisoformat(iso))
    return f"{wording.day_words(local.day, local.day)} {local.time}"


def breach(event: Told, names: Naming) -> str:
    return _("The deadline passed: %(target)s") % {"target": names.word(target_label(event.facts.get("target", "")))}


def escalate(event: Told, names: Naming) -> str:
    target = names.word(target_label(event.facts.get("target", "")))
    told = event.facts.get("to") or []
    if not told:
        said = _("Escalated: %(target)s is overdue; no supervisor could be found") % {"target": target}
    else:
        said = _("Escalated to %(to)s: %(target)s is overdue") % {"to": names.several(told), "target": target}
    return said + _absent(event, names)


def warn(event: Told, names: Naming) -> str:
    """提醒李敏：办结时限还剩 3 个工作日."""
    facts = event.facts
    left = facts.get("left") or ["", ""]
    words = {
        "to": names.several(facts.get("to") or []),
        "target": names.word(target_label(facts.get("target", ""))),
        "left": amount_words(*left) if left[1] else "",
        "share": facts.get("share"),
    }
    if left[1]:
        said = _("Warned %(to)s: %(left)s left for %(target)s") % words
    elif not words["share"]:
        said = _("Warned %(to)s: the deadline comes near: %(target)s") % words
    else:
        said = _("Warned %(to)s: %(share)s%% of the time for %(target)s is over") % words
    return said + _absent(event, names)


def _absent(event: Told, names: Naming) -> str:
    """Who is away, behind those who stand in for them."""
    away = event.facts.get("away")
    return _(" (away: %(names)s)") % {"names": names.several(away)} if away else ""


def recompute(event: Told, names: Naming) -> str:
    """A date that became final, or was moved, by a newer version of the working calendar."""
    version = event.facts.get("version", "")
    moved = [one for one in event.facts.get("clocks", ()) if one.get("from") != one.get("due_at")]
    if not moved:
        return _("Deadlines are no longer provisional: working calendar version %(version)s") % {"version": version}
    told = pgettext("between two of a list", ", ").join(_moved(one) for one in moved)
    text = _("Deadlines recomputed by working calendar version %(version)s: %(clocks)s")
    if any(one.get("was_provisional") and not one.get("provisional") for one in moved):
        text = _("Deadlines recomputed by working calendar version %(version)s, no longer provisional: %(clocks)s")
    return text % {"version": version, "clocks": names.word(told)}


def _moved(one: Mapping[str, Any]) -> str:
    """A clock with its old and its new date: 行内办结 2027年1月15日 24:00 → 2027年1月18日 24:00."""
    return f"{target_label(one.get('target', ''))} {_date(one.get('from'))} → {_date(one.get('due_at'))}"


def _date(iso: str | None) -> str:
    """A deadline with its year, because a history is read years later. Old events may lack it."""
    if not iso:
        return ""
    local = wording.local_of(datetime.fromisoformat(iso))
    day, time = (local.ended, "24:00") if local.ended else (local.day, local.time)
    return f"{wording.day_words(day, date.min, weekday=False)} {time}"


def extension(pattern: str) -> Callable[[Told, Naming], str]:
    """A sentence about an extension: who, for which deadline, until when."""

    def say(event: Told, names: Naming) -> str:
        day = event.facts.get("due_on", "")
        return _(pattern) % {
            "who": names[event.actor_id],
            "target": names.word(target_label(event.facts.get("target", ""))),
            "day": names.word(wording.whole_day_words(date.fromisoformat(day)) if day else ""),
        }

    return say


def pause(event: Told, names: Naming) -> str:
    waits_for, until_on = event.facts.get("waits_for", ""), parse_date(event.facts.get("until_on", ""))
    return _("%(who)s paused the clocks until %(day)s, waiting for %(what)s") % {
        "who": names[event.actor_id],
        "day": wording.day_words(until_on, until_on) if until_on else "",
        "what": str(WaitsFor(waits_for).label) if waits_for in WaitsFor.values else waits_for,
    }


def digest(counted: Mapping[str, int]) -> str:
    """How many of each were made up for: 到期提醒 8 项、逾期 12 项、升级督办 20 项."""
    words = (
        (Verb.WARN, ngettext("%(count)s warning", "%(count)s warnings", counted.get(Verb.WARN, 0))),
        (Verb.BREACH, ngettext("%(count)s deadline passed", "%(count)s deadlines passed", counted.get(Verb.BREACH, 0))),
        (Verb.ESCALATE, ngettext("%(count)s escalation", "%(count)s escalations", counted.get(Verb.ESCALATE, 0))),
    )
    return pgettext("between two of a list", ", ").join(
        text % {"count": counted[verb]} for verb, text in words if counted.get(verb)
    )
