"""Drafts: kept as typed, sealed, their owner's alone, and each of them one complaint at the most."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.errors import Conflict, NotAllowed
from complaints import drafting, intake
from complaints.models import Complaint, Draft
from tests.conftest import Cast

As = Callable[[str], Client]
KEEP = "/complaints/new/keep/"
PAGE = "/complaints/new/"


def test_it_is_kept_as_typed_and_comes_back(cast: Cast) -> None:
    typed = {"narrative": "  𠮷先生\n说：\0“等不了”", "phone": "１３８ 1234"}
    draft = drafting.keep(uuid4(), typed, actor=cast.fiona)
    assert drafting.restore(draft.pk, actor=cast.fiona) == typed


def test_the_text_lies_sealed(cast: Cast) -> None:
    drafting.keep(uuid4(), {"name": "王小明"}, actor=cast.fiona)
    with connection.cursor() as cursor:
        cursor.execute("SELECT data FROM complaints_draft")
        (data,) = cursor.fetchone()
    assert "王小明".encode() not in bytes(data)


def test_the_last_words_count(cast: Cast) -> None:
    key = uuid4()
    for text in ("一", "一二", "一二三"):
        drafting.keep(key, {"summary": text}, actor=cast.fiona)
    assert drafting.restore(key, actor=cast.fiona) == {"summary": "一二三"}


def test_seeing_to_a_draft_for_a_file_keeps_its_text(cast: Cast) -> None:
    key = uuid4()
    drafting.keep(key, {"summary": "一"}, actor=cast.fiona)
    drafting.keep(key, actor=cast.fiona)
    assert drafting.restore(key, actor=cast.fiona) == {"summary": "一"}


@pytest.mark.parametrize(
    "deed",
    [
        lambda key, who: drafting.keep(key, {"summary": "改"}, actor=who),
        lambda key, who: drafting.restore(key, actor=who),
        lambda key, who: drafting.discard(key, actor=who),
    ],
)
def test_a_draft_is_its_owners_alone(cast: Cast, deed: Callable[[UUID, Any], object]) -> None:
    draft = drafting.keep(uuid4(), {"summary": "一"}, actor=cast.fiona)
    for who in (cast.frank, cast.olivia):
        with pytest.raises(Draft.DoesNotExist):
            deed(draft.pk, who)
    assert drafting.restore(draft.pk, actor=cast.fiona) == {"summary": "一"}


def test_the_pages_know_no_draft_of_somebody_else(cast: Cast, as_: As) -> None:
    key = drafting.keep(uuid4(), {"summary": "一"}, actor=cast.fiona).pk
    frank = as_("frank")
    answers = [
        frank.get(PAGE, {"draft": str(key)}),
        frank.post(KEEP, {"draft": key, "summary": "改"}),
        frank.get(f"/complaints/new/drafts/{key}/discard/"),
        frank.post(f"/complaints/new/drafts/{key}/discard/"),
        frank.post(PAGE, {"draft": key, "summary": "改"}),
    ]
    assert [answer.status_code for answer in answers] == [404] * 5


def test_who_registers_nothing_drafts_nothing(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        drafting.keep(uuid4(), {}, actor=cast.audrey)


def test_what_is_discarded_is_gone(cast: Cast) -> None:
    key = drafting.keep(uuid4(), {"summary": "一"}, actor=cast.fiona).pk
    drafting.discard(key, actor=cast.fiona)
    with pytest.raises(Draft.DoesNotExist):
        drafting.restore(key, actor=cast.fiona)


def test_registering_settles_it_and_it_cannot_be_kept_again(cast: Cast) -> None:
    draft = drafting.keep(uuid4(), {"summary": "一"}, actor=cast.fiona)
    case = _registered(draft, cast)
    draft.refresh_from_db()
    assert (draft.complaint_reference, draft.data) == (case.reference, "")
    for deed in (
        lambda: drafting.keep(draft.pk, {}, actor=cast.fiona),
        lambda: drafting.discard(draft.pk, actor=cast.fiona),
    ):
        with pytest.raises(Conflict):
            deed()


def test_a_late_keystroke_does_not_bring_a_registered_draft_back(cast: Cast, as_: As) -> None:
    draft = drafting.keep(uuid4(), {"summary": "一"}, actor=cast.fiona)
    case = _registered(draft, cast)
    assert as_("fiona").post(KEEP, {"draft": draft.pk, "summary": "二"}).status_code == 409
    assert as_("fiona").get(PAGE, {"draft": str(draft.pk)})["Location"] == case.get_absolute_url()


def test_the_page_keeps_only_fields_it_knows(cast: Cast, as_: As) -> None:
    key = uuid4()
    as_("fiona").post(KEEP, {"draft": key, "summary": "一", "csrfmiddlewaretoken": "x", "other": "y"})
    assert drafting.restore(key, actor=cast.fiona) == {"summary": "一"}


def test_it_comes_back_on_the_page_with_everything(cast: Cast, as_: As) -> None:
    key, browser = uuid4(), as_("fiona")
    typed = {"channel": "letter", "registered_mail_number": "XA123", "narrative": "原话", "is_summary_confirmed": "on"}
    browser.post(KEEP, {"draft": key} | typed)
    form = browser.get(PAGE, {"draft": str(key)}).context["form"]
    assert {name: form[name].value() for name in typed} == typed


def test_ones_own_drafts_are_listed_and_can_be_discarded(cast: Cast, as_: As) -> None:
    key, browser = drafting.keep(uuid4(), {"summary": "排队两小时"}, actor=cast.fiona).pk, as_("fiona")
    assert [one.title for one in browser.get(PAGE).context["drafts"]] == ["排队两小时"]
    assert not as_("frank").get(PAGE).context["drafts"]
    assert "排队两小时" in browser.get(f"/complaints/new/drafts/{key}/discard/").content.decode()
    browser.post(f"/complaints/new/drafts/{key}/discard/")
    assert not browser.get(PAGE).context["drafts"]


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ({"name": "王小明", "phone": "13812341111"}, "王** · 138****1111"),
        ({"phone": "330106198001010024"}, "3301**********0024"),
        ({"name": "王小明", "summary": "多收手续费"}, "多收手续费"),
        ({"registered_mail_number": "XA123"}, "XA123"),
        ({"cause_text": "年费", "staff_text": "柜员"}, "年费 · 柜员"),
    ],
)
def test_a_draft_is_titled_by_what_it_has_and_names_are_masked(
    cast: Cast, as_: As, typed: dict[str, str], title: str
) -> None:
    key, browser = drafting.keep(uuid4(), typed | {"channel": "letter"}, actor=cast.fiona).pk, as_("fiona")
    (listed,) = browser.get(PAGE).context["drafts"]
    assert (listed.title, listed.channel) == (title, "信函")
    assert "王小明" not in browser.get(f"/complaints/new/drafts/{key}/discard/").content.decode()


EMPTY = {"channel": "letter", "kind": "person", "id_type": "id_card", "severity": "ordinary", "phone": " ", "summary": "",
         "received_at": "2026-02-10T10:00", "unit_text": "城东支行"}  # fmt: skip


def test_a_form_with_nothing_typed_is_no_draft(cast: Cast, as_: As) -> None:
    browser, key = as_("fiona"), uuid4()
    kept = browser.post(KEEP, {"draft": key} | EMPTY)
    assert (kept.status_code, b"<svg" in kept.content) == (200, False)
    assert browser.post(PAGE, {"draft": key} | EMPTY).status_code == 422  # Ctrl+Enter in an empty form
    assert not browser.get(PAGE).context["drafts"]
    assert not Draft.objects.exclude(data=b"").exists()
    browser.post(KEEP, {"draft": key} | EMPTY | {"phone": "138"})
    assert [one.id for one in browser.get(PAGE).context["drafts"]] == [key]
    browser.post(KEEP, {"draft": key} | EMPTY)
    assert not Draft.objects.exclude(data=b"").exists(), "what was typed is taken out again"


def test_an_empty_draft_of_before_is_passed_over(cast: Cast, as_: As) -> None:
    drafting.keep(uuid4(), actor=cast.fiona)  # as for a file that was then refused
    assert not as_("fiona").get(PAGE).context["drafts"]


def test_a_draft_that_holds_but_a_file_is_kept_and_says_so(cast: Cast, as_: As) -> None:
    browser, key = as_("fiona"), uuid4()
    file = SimpleUploadedFile("回单.pdf", b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    assert browser.post("/complaints/new/files/", {"draft": key, "file": file}).status_code == 200
    browser.post(KEEP, {"draft": key} | EMPTY)
    assert [one.title for one in browser.get(PAGE).context["drafts"]] == ["1 个附件"]


def test_the_list_of_drafts_costs_one_query_however_long(
    cast: Cast, as_: As, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    browser = as_("fiona")
    for _number in range(2):
        drafting.keep(uuid4(), {"summary": "一"}, actor=cast.fiona)
    browser.get(PAGE)
    with django_assert_max_num_queries(16) as few:
        browser.get(PAGE)
    for _number in range(18):
        drafting.keep(uuid4(), {"summary": "一"}, actor=cast.fiona)
    with django_assert_num_queries(len(few)):
        browser.get(PAGE)


def test_a_draft_added_to_a_complaint_does_so_once(cast: Cast, register: Callable[..., Complaint]) -> None:
    earlier, draft = register("fiona"), drafting.keep(uuid4(), {}, actor=cast.fiona)
    for _time in range(2):
        assert drafting.append(draft, earlier, "又来电催促", actor=cast.fiona).pk == earlier.pk
    assert earlier.notes.count() == 1


def _registered(draft: Draft, cast: Cast) -> Complaint:
    details = intake.Intake(channel="visit", unit=cast.unit["E1"], summary="一")
    return intake.register(details, actor=cast.fiona, key=str(draft.pk), digests=["d"], draft=draft)
