"""The pages of deadline policies: read by every role, drafted and decided by compliance, and nothing typed is ever lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from complaints.conditions import Vocabulary, fitting, sample
from complaints.matters import matter_of
from complaints.models import Cause, Complaint
from complaints.policy_faces import effect
from sla.matching import matches
from sla.models import Policy
from sla.policymaking import approve, draft
from sla.proposals import Proposal
from tests.complaints.machines import machine
from tests.conftest import Cast
from tests.policies import changed, made, proposal

As = Callable[[str], Client]
Register = Callable[..., Complaint]
TERM = {
    "target": "resolution", "amount": "7", "unit": "working_days", "starts": "received", "stops": "resolved", "calendar": "",
    "extendable_to": "", "pausable_days": "", "reopening": "restarts",
}  # fmt: skip


def typed(*terms: dict[str, str], **given: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    usual = {
        "seen": "0",
        "code": "major",
        "name": "重大投诉",
        "from_on": timezone.localdate().isoformat(),
        "severities": ["major"],
    }
    fields = {f"terms-{number}-{name}": text for number, term in enumerate(terms) for name, text in term.items()}
    return usual | fields | {"do": "draft"} | given


def sent(browser: Client, data: dict[str, Any], at: str = "draft", **headers: Any) -> Any:
    return browser.post(f"/policies/{at}/", data, **headers)


@pytest.mark.parametrize("who", ["fiona", "hank", "sam", "carol", "audrey", "adam"])
def test_every_role_reads_them(as_: As, who: str) -> None:
    listed, one = as_(who).get("/policies/"), as_(who).get("/policies/house/")
    assert (listed.status_code, one.status_code) == (200, 200)
    assert "本行时限" in listed.content.decode()
    assert (
        "15 个工作日；自收到投诉起；至已告知客户处理结果止；最长可延至 45 个工作日；主管可延至30 个工作日；"
        "可中止 30 天；重新办理时重新计时" in one.content.decode()
    )


@pytest.mark.parametrize("who", ["fiona", "hank", "sam", "audrey", "adam"])
def test_others_than_compliance_make_none(as_: As, who: str) -> None:
    browser = as_(who)
    assert "/draft/" not in browser.get("/policies/").content.decode()
    assert browser.get("/policies/house/draft/").status_code == 403
    assert sent(browser, typed(TERM)).status_code == 403
    assert not Policy.objects.filter(code="major").exists()


def test_a_draft_from_the_page_is_approved_on_the_page_of_another(
    two: tuple[User, User], as_: As, register: Register
) -> None:
    gone = sent(as_("carol"), typed(TERM))
    assert (gone.status_code, gone.url) == (302, "/policies/major/1/")
    assert "/policies/major/1/" in as_("cora").get("/policies/").content.decode()
    assert as_("cora").post(gone.url, {"do": "approve"}).status_code == 302
    assert register("fiona", severity="major").clocks.get(target="resolution").amount == 7


def test_ones_own_draft_has_no_button_and_no_way(two: tuple[User, User], as_: As) -> None:
    made(proposal(), two[0])
    page = as_("carol").get("/policies/major/1/").content.decode()
    assert 'value="recall"' in page
    assert 'value="approve"' not in page
    assert as_("carol").post("/policies/major/1/", {"do": "approve"}).status_code == 403


def test_a_page_that_was_open_while_another_decided_is_told(two: tuple[User, User], as_: As) -> None:
    approve(made(proposal(), two[0]), actor=two[1])
    assert as_("cora").post("/policies/major/1/", {"do": "approve"}).status_code == 409
    assert 'value="approve"' not in as_("cora").get("/policies/major/1/").content.decode()


def test_an_older_page_keeps_its_text_and_says_why(two: tuple[User, User], as_: As) -> None:
    made(proposal(), two[0])
    answer = sent(as_("cora"), typed(TERM, seen="1", name="我写的名字"), "major/draft")
    assert answer.status_code == 409
    assert "我写的名字" in answer.content.decode()


def test_terms_are_added_and_removed_and_what_was_typed_stays(as_: As, cast: Cast) -> None:
    other = TERM | {"target": "progress", "amount": "5"}
    added = sent(as_("carol"), typed(TERM | {"amount": "zw"}, other, do="add_term", reason="半句话"))
    page = added.content.decode()
    assert added.status_code == 200
    assert all(f'name="terms-{number}-amount"' in page for number in range(3))
    assert 'value="zw"' in page
    assert "半句话" in page
    fewer = sent(as_("carol"), typed(TERM | {"amount": "zw"}, other, do="remove_term:0")).content.decode()
    assert 'value="zw"' not in fewer
    assert 'value="5"' in fewer


def test_a_unit_and_a_cause_are_taken_in_by_name_or_code(as_: As, cast: Cast) -> None:
    Cause.objects.create(code="card", name="银行卡")
    page = sent(as_("carol"), typed(TERM, do="take_in", units_add="城东支行（E）", causes_add="card")).content.decode()
    assert 'name="units" value="E"' in page
    assert 'name="causes" value="card"' in page
    missing = sent(as_("carol"), typed(TERM, do="take_in", units_add="月球分行")).content.decode()
    assert 'value="月球分行"' in missing


def test_what_is_wrong_stands_beside_its_field(as_: As, cast: Cast) -> None:
    wrong = TERM | {"extendable_to": "7", "pausable_days": "3", "is_statutory": "on"}
    answer = sent(as_("carol"), typed(wrong, from_on="2025-01-01", units_add="月球分行"))
    assert answer.status_code == 422
    assert 'id="id_units_add_error"' in answer.content.decode()
    page = sent(as_("carol"), typed(wrong, from_on="2025-01-01")).content.decode()
    for field in ("terms-0-extendable_to", "terms-0-pausable_days", "reason"):
        assert f'id="id_{field}_error"' in page, field


def test_a_version_without_terms_must_say_that_it_repeals(two: tuple[User, User], as_: As) -> None:
    approve(made(proposal(), two[0]), actor=two[1])
    assert sent(as_("carol"), typed(seen="1"), "major/draft").status_code == 422
    assert sent(as_("carol"), typed(TERM, seen="1", repeals="on"), "major/draft").status_code == 422
    assert sent(as_("carol"), typed(seen="1", repeals="on"), "major/draft").status_code == 302


def test_repealing_the_house_rule_is_refused_on_the_page(as_: As, cast: Cast) -> None:
    answer = sent(as_("carol"), typed(seen="1", repeals="on", code="house", severities=[]), "house/draft")
    assert answer.status_code == 422
    assert "首次响应" in answer.content.decode()


def test_what_came_with_the_product_is_adopted_from_its_first_day(as_: As, cast: Cast) -> None:
    page = as_("carol").get("/policies/bank-insurer/draft/?from=1").content.decode()
    assert 'value="2020-03-01"' in page
    assert "此后登记" in page


def test_the_draft_and_what_is_in_force_stand_side_by_side(two: tuple[User, User], as_: As) -> None:
    approve(made(proposal(), two[0]), actor=two[1])
    five = replace(proposal().clauses[0], amount=5)
    made(changed(Policy.objects.get(code="major"), clauses=(five,)), two[0], seen=1)
    page = as_("cora").get("/policies/major/2/").content.decode()
    assert "7 个工作日；" in page
    assert "5 个工作日；" in page


def test_htmx_gets_the_form_alone_and_is_sent_on(as_: As, cast: Cast) -> None:
    htmx = {"HX-Request": "true"}
    part = sent(as_("carol"), typed(TERM, do="add_term"), headers=htmx)
    assert "<html" not in part.content.decode()
    assert sent(as_("carol"), typed(TERM), headers=htmx).headers["HX-Redirect"] == "/policies/major/1/"


CONDITIONS: list[dict[str, Any]] = [
    {}, {"channels": ("phone",)}, {"channels": ("letter",)}, {"severities": ("major",)}, {"units": ("E",)}, {"units": ("W",)},
    {"causes": ("card",)}, {"causes": ("loan",)}, {"referrers": ("nfra",)}, {"only_violations": True},
]  # fmt: skip


@pytest.mark.parametrize("named", CONDITIONS)
def test_the_count_of_the_preview_says_what_matching_says(register: Register, named: dict[str, Any]) -> None:
    card = Cause.objects.create(code="card", name="银行卡")
    Cause.objects.create(code="loan", name="贷款")
    cases = [
        register("fiona", cause=Cause.objects.create(code="card-fraud", name="盗刷", parent=card)),
        register("fiona", channel="regulator", referred_by="nfra", alleges_violation=True, severity="major"),
    ]
    policy = Policy(code="x", name="x", from_on=timezone.localdate(), **{"severities": ()} | named)
    counted = set(Complaint.objects.filter(fitting(policy)).values_list("pk", flat=True))
    assert counted == {case.pk for case in cases if matches(policy, matter_of(case))}
    assert matches(policy, sample(policy))


def test_the_preview_counts_and_compares(two: tuple[User, User], register: Register) -> None:
    register("fiona", severity="major")
    register("fiona")
    found = effect(made(proposal(), two[0]), Vocabulary.read(), two[1], timezone.now())
    changes = {row.label: (row.before, row.after) for row in found.rows if row.changes}
    assert (found.fitted, found.open) == (1, 1)
    assert changes == {"行内办结": ("15 个工作日", "7 个工作日")}


def test_the_preview_of_a_repeal_shows_what_is_lost(two: tuple[User, User]) -> None:
    approve(made(proposal(), two[0]), actor=two[1])
    repeal = made(changed(Policy.objects.get(code="major"), clauses=()), two[0], seen=1)
    found = effect(repeal, Vocabulary.read(), two[1], timezone.now())
    assert [(row.before, row.after) for row in found.rows if row.changes] == [("7 个工作日", "15 个工作日")]


def test_the_list_asks_as_often_for_many_versions(as_: As, cast: Cast, django_assert_max_num_queries: Any) -> None:
    browser = as_("carol")
    for number in range(20):
        known = Vocabulary.read().words
        wanted = Proposal(f"p{number}", f"试行{number}号", timezone.localdate() + timedelta(days=1), proposal().clauses)
        draft(wanted, actor=cast.carol, known=known)
    browser.get("/policies/")
    with django_assert_max_num_queries(16):
        assert browser.get("/policies/").content.decode().count("试行") == 20


def test_the_api_lists_what_is_in_force(two: tuple[User, User], cast: Cast) -> None:
    made(proposal(), two[0])
    agreed, house = machine(cast.fiona).get("/api/v1/policies/").json()["results"]
    assert [term["target"] for term in agreed["terms"]] == ["promise"]
    assert (house["code"], house["channels"]) == ("house", [])
    assert [(term["target"], term["amount"]) for term in house["terms"]] == [("response", 24), ("resolution", 15)]
