"""The intake screen: what it shows, what it takes, and that nothing typed is lost on any way out of it."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.models import Cause, Complainant, Complaint, Draft
from tests.conftest import NOW, Cast

Register = Callable[..., Complaint]
As = Callable[[str], Client]
PAGE = "/complaints/new/"
KNOWN = "/complaints/new/known/"


def form(**given: Any) -> dict[str, Any]:
    """A form as a browser sends it, filled in as little as can be."""
    now = timezone.localtime().replace(second=0, microsecond=0)
    usual = {
        "draft": str(uuid4()),
        "channel": "visit",
        "received_at": f"{now:%Y-%m-%dT%H:%M}",
        "unit_text": "解放路网点",
        "summary": "办理存款实为年金险",
        "severity": "ordinary",
    }
    return usual | given


def only() -> Complaint:
    case: Complaint = Complaint.objects.select_related("complainant", "unit").get()
    return case


def test_the_page_registers_and_leads_to_the_case(as_: As, cast: Cast) -> None:
    answer = as_("fiona").post(PAGE, form(place="2 号接待室", demand="退还 5 万元", name="王小明", phone="13812341111"))
    case = only()
    assert answer.status_code == 302
    assert answer["Location"] == reverse("complaints:case", args=[case.reference])
    assert (case.first_responder, case.channel, case.place) == (cast.fiona, "visit", "2 号接待室")
    assert case.complainant.name == "王小明"


def test_htmx_is_told_where_to_go(as_: As) -> None:
    answer = as_("fiona").post(PAGE, form(), headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == only().get_absolute_url()


def test_nothing_but_channel_receipt_unit_and_summary_is_required(as_: As) -> None:
    as_("fiona").post(PAGE, form())
    assert only().complainant.kind == Complainant.Kind.UNKNOWN


def test_sent_twice_it_is_one_complaint(as_: As) -> None:
    browser, sent = as_("fiona"), form(narrative="存三年，利息高")
    first, second = browser.post(PAGE, sent), browser.post(PAGE, sent)
    assert first["Location"] == second["Location"] == only().get_absolute_url()


def test_sent_again_after_the_keys_of_the_installation_were_changed_it_is_one_complaint(as_: As, settings: Any) -> None:
    sent = form(narrative="存三年，利息高")
    as_("fiona").post(PAGE, sent)
    settings.SECRET_KEY = "another-0123456789-0123456789-0123456789-0123456789"
    settings.FIELD_KEYS = f"new:{base64.b64encode(bytes(32)).decode()},{settings.FIELD_KEYS}"
    assert as_("fiona").post(PAGE, sent)["Location"] == only().get_absolute_url()


def test_sent_again_with_other_content_it_is_refused_and_kept(as_: As) -> None:
    browser, sent = as_("fiona"), form()
    browser.post(PAGE, sent)
    answer = browser.post(PAGE, sent | {"demand": "另外还要道歉"})
    assert answer.status_code == 409
    assert "另外还要道歉" in answer.content.decode()
    assert Complaint.objects.count() == 1


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"summary": " "}, "summary"),
        ({"unit_text": "没有的网点"}, "unit_text"),
        ({"received_at": "2099-01-01T00:00"}, "received_at"),
        ({"received_at": "昨天上午"}, "received_at"),
        ({"received_at": "0001-01-01T00:00+14:00"}, "received_at"),
        ({"received_at": "2026-02-01T10:00"}, "late_entry_reason"),
        ({"claimed_amount": "很多"}, "claimed_amount"),
        ({"claimed_amount": "9" * 40}, "claimed_amount"),
        ({"claimed_amount": "50,00"}, "claimed_amount"),
        ({"phone": "没有电话"}, "phone"),
        ({"summary": "长" * 301}, "summary"),
        ({"narrative": "话里\0有空字符"}, "narrative"),
        ({"unit": "E1\0"}, "unit"),
        ({"channel": "fax"}, "channel"),
        ({"postmarked_on": "2099-01-01", "channel": "letter"}, "postmarked_on"),
        ({"postmarked_on": "1999-12-31", "channel": "letter"}, "postmarked_on"),
        ({"email": "not an address"}, "email"),
    ],
)
def test_bad_input_names_the_field_and_keeps_every_character(as_: As, given: dict[str, str], where: str) -> None:
    sent = form(demand="𠮷先生要求道歉") | given
    answer = as_("fiona").post(PAGE, sent)
    assert answer.status_code == 422
    assert where in answer.context["form"].errors
    assert "𠮷先生要求道歉" in answer.content.decode()
    assert Draft.objects.get().complaint_reference == ""
    assert not Complaint.objects.exists()


def test_a_megabyte_is_kept_whole_and_in_the_draft_when_something_else_fails(as_: As) -> None:
    story, browser = "这是客户的原话，一字不漏。" * 80_000, as_("fiona")
    sent = form(narrative=story, summary="")
    assert browser.post(PAGE, sent).status_code == 422
    assert story in browser.get(PAGE, {"draft": sent["draft"]}).content.decode()
    browser.post(PAGE, sent | {"summary": "说来话长"})
    assert only().narrative == story


def test_numbers_are_taken_as_people_type_them(as_: As) -> None:
    as_("fiona").post(
        PAGE,
        form(
            phone="＋８６ １３８　１２３４ １１１１",
            claimed_amount="５０，０００.00",
            id_number="３３０１０６ 198001010024",
        ),
    )
    case = only()
    assert case.complainant.phone == "13812341111"
    assert case.complainant.id_number == "330106198001010024"
    assert case.claimed_amount == 50_000


@pytest.mark.parametrize(("typed", "amount"), [("5万", 50_000), ("¥1,234.50元", 1234.5), ("0", 0), ("１２万", 120_000)])
def test_amounts_are_read(as_: As, typed: str, amount: float) -> None:
    as_("fiona").post(PAGE, form(claimed_amount=typed))
    assert only().claimed_amount == amount


def test_a_document_number_typed_as_a_phone_goes_where_it_belongs(as_: As) -> None:
    as_("fiona").post(PAGE, form(phone="11010519491231002X", name="李老先生"))
    person = only().complainant
    assert (person.phone, person.id_number, person.id_type) == ("", "11010519491231002X", "id_card")


def test_a_wrong_check_digit_is_doubted_and_saved(as_: As) -> None:
    browser, sent = as_("fiona"), form(id_number="110105194912310021")
    assert browser.post(KNOWN, sent).context["known"].doubt
    browser.post(PAGE, sent)
    assert only().complainant.id_number == "110105194912310021"


@time_machine.travel(NOW, tick=False)
def test_a_time_with_another_offset_is_that_moment(as_: As) -> None:
    as_("fiona").post(PAGE, form(received_at="2026-02-10T10:30:00+09:00"))
    assert only().received_at == NOW - timedelta(minutes=30)


def test_rare_characters_and_full_width_brackets_stay(as_: As) -> None:
    as_("fiona").post(PAGE, form(name="𠮷（杭州）豈", phone="13812341111", kind="firm"))
    assert only().complainant.name == "𠮷（杭州）豈"


def test_html_is_shown_and_does_nothing(as_: As) -> None:
    answer = as_("fiona").post(PAGE, form(narrative="<script>alert(1)</script></textarea>", summary=""))
    assert "<script>alert(1)" not in answer.content.decode()


def test_fields_of_another_channel_are_left_out(as_: As) -> None:
    as_("fiona").post(
        PAGE, form(channel="phone", recording_reference="ＲＥＣ-7", place="接待室", postmarked_on="nonsense")
    )
    case = only()
    assert (case.recording_reference, case.place, case.postmarked_on) == ("REC-7", "", None)


def test_an_agent_names_whom_they_speak_for(as_: As) -> None:
    as_("fiona").post(PAGE, form(kind="agent", name="张律师", principal="王小明", authority="授权委托书 3 号"))
    person = only().complainant
    assert (person.principal, person.authority) == ("王小明", "授权委托书 3 号")


def test_nobody_registers_a_complaint_about_themselves_and_the_text_stays(as_: As) -> None:
    answer = as_("fiona").post(PAGE, form(staff="fiona", staff_text="李敏", narrative="态度不好"))
    assert answer.status_code == 403
    assert "态度不好" in answer.content.decode()


def test_staff_complained_about_may_be_chosen_or_described(as_: As, cast: Cast) -> None:
    as_("fiona").post(PAGE, form(staff="frank", staff_text="方强"))
    assert only().staff_complained_about == cast.frank
    as_("fiona").post(PAGE, form(staff_text="穿蓝衣服的柜员"))
    assert Complaint.objects.latest("pk").staff_described == "穿蓝衣服的柜员"


@pytest.mark.parametrize("typed", ["方强的同事", "", "李敏"])
def test_a_name_typed_over_the_one_chosen_is_a_description(as_: As, cast: Cast, typed: str) -> None:
    as_("fiona").post(PAGE, form(staff="frank", staff_text=typed))
    assert (only().staff_complained_about, only().staff_described) == (None, typed)


@pytest.mark.parametrize("who", ["audrey", "adam"])
def test_those_who_register_nothing_are_told_whom_to_ask(as_: As, who: str) -> None:
    for answer in (as_(who).get(PAGE), as_(who).post(PAGE, form()), as_(who).post(KNOWN, form())):
        assert answer.status_code == 403
    assert not Complaint.objects.exists()


def test_signed_out_one_is_asked_to_sign_in_and_comes_back_to_the_draft(client: Client, db: None) -> None:
    answer = client.get(PAGE, {"draft": "x"})
    assert answer.status_code == 302
    assert "next=/complaints/new/%3Fdraft%3Dx" in answer["Location"]


# Who complained before


def test_a_person_is_found_by_phone_and_shown_masked(as_: As, register: Register) -> None:
    case = register("fiona")
    text = as_("fiona").post(KNOWN, form(phone="138 1234 1111")).content.decode()
    assert case.summary in text
    assert "王**" in text
    assert "王小明" not in text
    assert "13812341111" not in text


def test_only_what_the_clerk_may_see_is_found(as_: As, register: Register) -> None:
    register("walter", unit="W1", summary="排队两小时")
    text = as_("fiona").post(KNOWN, form(phone="13812341111")).content.decode()
    assert "排队两小时" not in text
    assert "王**" not in text


def test_masked_texts_stand_for_the_real_ones_of_a_visible_complaint(as_: As, register: Register) -> None:
    case = register("fiona", complainant=Complainant(name="王小明", phone="13812341111", email="w@example.com"))
    sent = form(same_as=case.reference, name="王**", phone="138****1111", email="w***@example.com", repeat="new")
    as_("fiona").post(PAGE, sent)
    person = Complaint.objects.latest("pk").complainant
    assert (person.name, person.phone, person.email) == ("王小明", "13812341111", "w@example.com")


@pytest.mark.parametrize("same_as", ["", "walter's", "TS20260101-000001"])
def test_a_masked_text_is_never_stored(as_: As, register: Register, same_as: str) -> None:
    elsewhere = register("walter", unit="W1")
    sent = form(same_as=elsewhere.reference if same_as == "walter's" else same_as, name="王**", phone="138****1111")
    answer = as_("fiona").post(PAGE, sent)
    assert answer.status_code == 422
    assert {"name", "phone"} <= set(answer.context["form"].errors)


def test_a_picked_person_stays_found_though_the_number_is_masked(as_: As, register: Register) -> None:
    case = register("fiona")
    answer = as_("fiona").post(KNOWN, form(same_as=case.reference, phone="138****1111", name="王**"))
    assert answer.context["known"].is_picked
    assert answer.context["known"].open == 1


def test_finding_somebody_costs_the_same_however_often_they_complained(
    as_: As, register: Register, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser, sent = as_("fiona"), form(phone="13812341111")
    register("fiona")
    browser.post(KNOWN, sent)
    with django_assert_max_num_queries(12) as few:
        browser.post(KNOWN, sent)
    for _number in range(19):
        register("fiona")
    with django_assert_num_queries(len(few)):
        browser.post(KNOWN, sent)


# A likely repeat


def test_a_likely_repeat_is_warned_of_before_it_is_saved(as_: As, register: Register) -> None:
    earlier = register("fiona", summary="存款变成年金险")
    answer = as_("fiona").post(PAGE, form(phone="13812341111"))
    assert answer.status_code == 422
    assert answer.context["known"].repeat.row.reference == earlier.reference
    assert Complaint.objects.count() == 1


def test_it_is_registered_as_new_and_linked(as_: As, register: Register) -> None:
    earlier = register("fiona")
    as_("fiona").post(PAGE, form(phone="13812341111", repeat="link", repeat_of=earlier.reference))
    assert Complaint.objects.latest("pk").repeat_of == earlier


def test_or_added_to_the_earlier_one_whose_clocks_stay(as_: As, register: Register) -> None:
    earlier = register("fiona")
    sent = form(phone="13812341111", repeat="add", repeat_of=earlier.reference, narrative="我等不了那么久")
    answers = [as_("fiona").post(PAGE, sent) for _time in range(2)]
    assert [answer["Location"] for answer in answers] == [earlier.get_absolute_url()] * 2
    assert Complaint.objects.count() == 1
    assert "我等不了那么久" in earlier.notes.get().body


@pytest.mark.parametrize("what", ["link", "add"])
def test_an_earlier_one_that_is_not_there_for_the_clerk_is_an_error_and_the_text_stays(
    as_: As, register: Register, what: str
) -> None:
    hidden = register("walter", unit="W1")
    for reference in (hidden.reference, "TS20990101-000001", ""):
        sent = form(repeat=what, repeat_of=reference, demand="𠮷先生要求道歉")
        answer = as_("fiona").post(PAGE, sent)
        page = answer.content.decode()
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["repeat"])
        assert "𠮷先生要求道歉" in page
        assert str(answer.context["form"].errors["repeat"][0]) in page
    assert Complaint.objects.get() == hidden


def test_what_this_very_draft_became_is_no_earlier_complaint(as_: As) -> None:
    browser, sent = as_("fiona"), form(phone="13812341111")
    browser.post(PAGE, sent)
    known = browser.post(KNOWN, sent).context["known"]
    assert (known.repeat, known.rows) == (None, ())
    assert browser.post(KNOWN, form(phone="13812341111")).context["known"].repeat


def test_another_person_of_the_unit_is_no_repeat(as_: As, register: Register) -> None:
    register("fiona")
    assert as_("fiona").post(PAGE, form(phone="13900000000")).status_code == 302


def test_after_ninety_days_it_is_no_repeat(as_: As, register: Register) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=91)):
        register("fiona")
    known = as_("fiona").post(KNOWN, form(phone="13812341111")).context["known"]
    assert (known.open, known.recent, known.repeat) == (1, 0, None)


def test_two_people_of_one_number_are_offered_one_by_one(as_: As, register: Register) -> None:
    register("fiona")
    register("fiona", complainant=Complainant(name="李小红", phone="13812341111"))
    known = as_("fiona").post(KNOWN, form(phone="13812341111")).context["known"]
    assert [person.masked["name"] for person in known.people] == ["李**", "王**"]
    assert known.name == ""


@pytest.mark.parametrize("path", ["known/", "clocks/", "keep/", "files/", "options/staff/"])
def test_nothing_personal_is_asked_for_in_an_address(as_: As, path: str) -> None:
    assert as_("fiona").get(PAGE + path, {"phone": "13812341111"}).status_code == 405


# Clocks, severity, lists


@time_machine.travel(NOW, tick=False)
def test_the_clocks_are_told_before_saving(as_: As) -> None:
    answer = as_("fiona").post("/complaints/new/clocks/", {"received_at": "2026-02-10T10:00"})
    response, resolution = answer.context["clocks"].faces
    assert "10:00" in response.lead
    assert resolution.days[-1].date.isoformat() == "2026-03-09"


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize("typed", ["2026-02-10T10:01", "", "nonsense", "9999-12-31T23:59"])
def test_no_clock_is_promised_for_a_time_that_cannot_be(as_: As, typed: str) -> None:
    answer = as_("fiona").post("/complaints/new/clocks/", {"received_at": typed})
    assert answer.context["clocks"].problem
    assert not answer.context["clocks"].faces


@time_machine.travel(NOW, tick=False)
def test_a_clock_already_run_out_says_so(as_: As) -> None:
    answer = as_("fiona").post("/complaints/new/clocks/", {"received_at": "2026-02-01T10:00"})
    assert answer.context["clocks"].faces[0].tone == "red"
    assert answer.context["clocks"].is_late_entry


@pytest.mark.parametrize(
    ("given", "severity"),
    [
        ({"narrative": "再不解决我就找报社"}, "major"),
        ({"demand": "我已请律师"}, "major"),
        ({"claimed_amount": "５０，０００"}, "major"),
        ({"channel": "regulator"}, "major"),
        ({"narrative": "短信扣费未退", "claimed_amount": "49999.99"}, "ordinary"),
    ],
)
def test_a_severity_is_suggested_with_its_reasons(as_: As, given: dict[str, str], severity: str) -> None:
    suggestion = as_("fiona").post(KNOWN, form(**given)).context["known"].suggestion
    assert suggestion.severity == severity
    assert bool(suggestion.reasons) == (severity == "major")


def test_a_second_complaint_within_thirty_days_is_a_reason(as_: As, register: Register) -> None:
    register("fiona")
    suggestion = as_("fiona").post(KNOWN, form(phone="13812341111")).context["known"].suggestion
    assert suggestion.severity == "major"


def test_the_clerk_decides_the_severity(as_: As) -> None:
    as_("fiona").post(PAGE, form(narrative="我要找律师", severity="larger"))
    assert only().severity == "larger"


@pytest.fixture
def causes(db: None) -> Cause:
    top = Cause.objects.create(code="INS", name="代理保险")
    middle = Cause.objects.create(code="INS-S", name="销售误导", parent=top)
    third = Cause.objects.create(code="INS-S-1", name="存单变保单", hint="把保险说成存款", parent=middle)
    Cause.objects.create(code="INS-S-1-1", name="柜员口头误导保单", parent=third)
    return third


def test_causes_are_found_by_any_two_characters_down_to_the_third_level(as_: As, causes: Cause) -> None:
    for words in ("保单", "存款", "误导"):
        options = as_("fiona").post("/complaints/new/options/cause/", {"cause_text": words}).context["options"]
        assert causes.code in [option.code for option in options]
        assert "INS-S-1-1" not in [option.code for option in options]


def test_words_of_a_fourth_level_lead_to_the_cause_above_it(as_: As, causes: Cause) -> None:
    fourth = Cause.objects.get(level=4)
    fourth.hint = "口头承诺高利息"
    fourth.save()
    for words in ("柜员口头", "承诺高利息"):
        options = as_("fiona").post("/complaints/new/options/cause/", {"cause_text": words}).context["options"]
        assert [option.code for option in options] == [causes.code]


def test_a_cause_chosen_is_saved(as_: As, causes: Cause) -> None:
    as_("fiona").post(PAGE, form(cause=causes.code, cause_text=causes.name))
    assert only().cause == causes


def test_units_and_staff_are_found_by_name(as_: As, cast: Cast) -> None:
    units = as_("fiona").post("/complaints/new/options/unit/", {"unit_text": "人民路"}).context["options"]
    staff = as_("fiona").post("/complaints/new/options/staff/", {"staff_text": "孙"}).context["options"]
    assert [one.code for one in units] == ["E2"]
    assert [one.code for one in staff] == ["grace"]
    assert as_("fiona").post("/complaints/new/options/money/").status_code == 404
