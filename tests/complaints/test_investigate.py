"""Investigate: the facts before any conclusion (R14); each finding stays on record."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.errors import Invalid, NotAllowed, Stale
from complaints.lifecycle import investigate
from complaints.models import Cause, Complaint
from complaints.states import Verb
from tests.complaints.pages import address, both_histories_tell, do, fresh, outsiders_find_nothing
from tests.conftest import Cast, established

Register = Callable[..., Complaint]
As = Callable[[str], Client]
FOUND = {"facts": "录像第 8 分钟没有提示风险。", "founded": "yes"}


@pytest.fixture
def causes(db: None) -> list[Cause]:
    """One branch of the catalogue, levels 1 to 4."""
    found: list[Cause] = []
    for level, name in enumerate(("代理保险", "销售误导", "存单变保单", "未按规定双录"), 1):
        found.append(Cause.objects.create(code=f"T{level}", name=name, parent=found[-1] if found else None))
    return found


def test_the_finding_is_kept_and_the_case_is_under_investigation(register: Register, cast: Cast) -> None:
    case = investigate(register("fiona"), established(plan="退还全额"), actor=cast.fiona)
    finding = case.findings.get()
    assert (case.status, finding.founded, finding.plan) == ("investigating", "yes", "退还全额")


def test_a_second_finding_leaves_the_first(register: Register, cast: Cast) -> None:
    case = investigate(register("fiona"), established(), actor=cast.fiona)
    case = investigate(case, established(founded="partly"), actor=cast.fiona)
    assert [finding.founded for finding in case.findings.all()] == ["partly", "yes"]


def test_facts_are_needed(register: Register, cast: Cast) -> None:
    with pytest.raises(Invalid):
        investigate(register("fiona"), established(facts=" "), actor=cast.fiona)


def test_only_the_owner(register: Register, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        investigate(register("fiona"), established(), actor=cast.frank)


def test_both_histories_tell_it(register: Register, cast: Cast) -> None:
    case = investigate(register("fiona"), established(), actor=cast.fiona)
    assert both_histories_tell(case, Verb.INVESTIGATE, cast.fiona)
    assert case.findings.get().history.get().history_user == cast.fiona


def test_a_stale_page_is_refused(register: Register, cast: Cast) -> None:
    case = register("fiona")
    with pytest.raises(Stale):
        investigate(case, established(), actor=cast.fiona, version=7)


def test_the_page_offers_the_fourth_level_below_the_complaints_own_cause(
    register: Register, as_: As, causes: list[Cause]
) -> None:
    case = register("fiona", cause=causes[2])
    html = as_("fiona").get(address(case, "investigate")).content.decode()
    assert f'<option value="{causes[3].pk}">未按规定双录</option>' in html
    assert f'value="{causes[1].pk}"' not in html
    assert do(as_("fiona"), case, "investigate", **FOUND, cause=causes[3].pk).status_code == 302
    assert fresh(case).findings.get().cause == causes[3]


def test_the_next_look_begins_with_what_was_found(register: Register, cast: Cast, as_: As) -> None:
    case = investigate(register("fiona"), established(root_cause="双录缺失"), actor=cast.fiona)
    html = as_("fiona").get(address(case, "investigate")).content.decode()
    assert "双录缺失" in html
    assert "录像第 8 分钟没有提示风险。" in html


@pytest.mark.parametrize("wrong", [{"facts": " "}, {"founded": "maybe"}, {"cause": "999999"}, {"plan": "字" * 1001}])
def test_errors_come_back(register: Register, as_: As, wrong: dict[str, str]) -> None:
    case = register("fiona")
    assert do(as_("fiona"), case, "investigate", **FOUND | wrong).status_code == 422
    assert fresh(case).status == "registered"


def test_outsiders_find_nothing(register: Register, as_: As) -> None:
    assert outsiders_find_nothing(as_("grace"), register("fiona"), "investigate")
