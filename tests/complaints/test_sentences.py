"""Every event says what happened, in names and words, never in markup from outside."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import translation

from complaints.sentences import detail, people_in, plain, sentence
from complaints.states import Verb

NAMES = {1: "陈立", 2: "赵启明", 3: "<b>周岚</b>"}


@dataclass
class Told:
    verb: str
    actor_id: int = 1
    facts: dict[str, Any] = field(default_factory=dict)


@pytest.mark.parametrize("verb", list(Verb))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_verb_has_its_sentence(verb: Verb, language: str) -> None:
    with translation.override(language):
        said = plain(
            Told(verb, facts={"to": [2] if verb in {Verb.WARN, Verb.ESCALATE} else 2, "from": 3, "target": "response"}),
            NAMES,
        )
    assert said != f"陈立 {verb.value}"
    assert "%" not in said


def test_names_are_bold_and_escaped_on_a_page_and_plain_elsewhere() -> None:
    event = Told(Verb.HAND_OVER, facts={"to": 3})
    assert sentence(event, NAMES) == "<b>陈立</b> 提出移交给 <b>&lt;b&gt;周岚&lt;/b&gt;</b>"
    assert plain(event, NAMES) == "陈立 提出移交给 <b>周岚</b>"


@pytest.mark.parametrize(
    ("means", "delivery", "words"),
    [
        ("phone", "delivered", "陈立 致电客户"),
        ("phone", "failed", "陈立 致电客户，未接通"),
        ("sms", "sent", "陈立 短信告知客户"),
        ("letter", "unknown", "陈立 寄信给客户，未确认送达"),
        ("drum", "delivered", "陈立 告知客户"),
        ("drum", "failed", "陈立 尝试联系客户，未成功"),
    ],
)
def test_an_answer_says_how_and_whether_it_arrived(means: str, delivery: str, words: str) -> None:
    assert plain(Told(Verb.RESPOND, facts={"means": means, "delivery": delivery}), NAMES) == words


def test_whoever_is_not_known_is_somebody() -> None:
    assert plain(Told(Verb.TAKE, 99, {"from": 98}), NAMES) == "某人 接手 某人 承办的投诉，成为承办人"


def test_an_escalation_names_everybody_or_says_that_there_is_nobody() -> None:
    assert plain(Told(Verb.ESCALATE, facts={"to": [1, 2], "target": "response"}), NAMES).startswith(
        "升级督办至 陈立、赵启明"
    )
    assert "未找到主管" in plain(Told(Verb.ESCALATE, facts={"to": [], "target": "response"}), NAMES)


def test_a_verb_of_later_years_is_still_told() -> None:
    assert plain(Told("mediate"), NAMES) == "陈立 mediate"


def test_the_people_of_many_events_are_asked_for_once() -> None:
    events = [Told(Verb.TAKE, 1, {"from": 2}), Told(Verb.ESCALATE, 9, {"to": [3, 4]}), Told(Verb.NOTE, 1, {"note": 77})]
    assert people_in(events) == {1, 2, 3, 4, 9}


def test_the_words_of_a_person_are_the_detail() -> None:
    assert detail(Told(Verb.DECLINE, facts={"reason": "不属于"})) == "不属于"
    assert detail(Told(Verb.REMIND, facts={"text": "请尽快"})) == "请尽快"
    assert detail(Told(Verb.CLOSE)) == ""
