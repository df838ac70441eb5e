"""Personal data: sealed to its row in every table, found by index, masked on sight, readable while keys rotate."""

import base64
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from accounts.personal_data import (
    Unreadable,
    blind_indexes,
    identity_checksum_holds,
    mask_email,
    mask_identity,
    mask_name,
    mask_phone,
    normal_identity,
    normal_phone,
    seal,
    unseal,
)
from complaints.models import Complainant, Complaint
from tests.conftest import Cast

PERSON = {
    "name": "欧阳𠮷明", "phone": "13812341111", "email": "wang@example.com", "id_number": "330106198001010024",
    "address": "解放路一百二十号", "account": "6222020200112233445", "principal": "司马相如",
}  # fmt: skip
KEYS = {name: f"{name}:{base64.b64encode(name.encode() * 16).decode()}" for name in ("k1", "k2")}


@pytest.fixture
def person(register: Callable[..., Complaint]) -> Complainant:
    complainant: Complainant = register("fiona", complainant=Complainant(**PERSON)).complainant
    return complainant


def raw(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return cursor.fetchall()


TABLES = ["complaints_complainant", "complaints_historicalcomplainant", "complaints_complaint", "complaints_caseevent"]


@pytest.mark.parametrize("table", [*TABLES, "complaints_historicalcomplaint"])
def test_no_table_holds_a_plain_value(person: Complainant, table: str) -> None:
    (dump,) = raw(f"SELECT string_agg(t::text, ' ') FROM {table} t")[0]
    for value in PERSON.values():
        assert value not in dump
        assert value.encode().hex() not in dump


def test_what_was_sealed_opens_again(person: Complainant) -> None:
    found = Complainant.objects.get(pk=person.pk)
    assert {name: getattr(found, name) for name in PERSON} == PERSON


def test_row_history_opens_too(person: Complainant) -> None:
    kept = Complainant.history.get(id=person.pk)
    assert {name: getattr(kept, name) for name in PERSON} == PERSON


def test_the_same_value_is_never_sealed_the_same(person: Complainant) -> None:
    assert seal("13812341111", "phone:1") != seal("13812341111", "phone:1")


def test_a_value_moved_to_another_row_does_not_open(person: Complainant, register: Callable[..., Complaint]) -> None:
    other = register("fiona").complainant
    raw("UPDATE complaints_complainant SET phone = %s WHERE id = %s RETURNING id", person.__dict__["phone"], other.pk)
    with pytest.raises(Unreadable):
        Complainant.objects.get(pk=other.pk).phone  # noqa: B018


def test_a_value_moved_to_another_column_does_not_open(person: Complainant) -> None:
    raw("UPDATE complaints_complainant SET name = phone WHERE id = %s RETURNING id", person.pk)
    with pytest.raises(Unreadable):
        Complainant.objects.get(pk=person.pk).name  # noqa: B018


def test_an_altered_value_does_not_open() -> None:
    sealed = bytearray(seal("王小明", "name:1"))
    sealed[-1] ^= 1
    with pytest.raises(Unreadable):
        unseal(bytes(sealed), "name:1")


def test_old_rows_stay_readable_while_keys_rotate(settings: Settings) -> None:
    settings.FIELD_KEYS = KEYS["k1"]
    old = seal("王小明", "name:1")
    settings.FIELD_KEYS = f"{KEYS['k2']},{KEYS['k1']}"
    assert (unseal(old, "name:1"), seal("王小明", "name:1")[:2]) == ("王小明", b"k2")


def test_a_lost_key_says_so(settings: Settings) -> None:
    settings.FIELD_KEYS = KEYS["k1"]
    old = seal("王小明", "name:1")
    settings.FIELD_KEYS = KEYS["k2"]
    with pytest.raises(Unreadable, match="k1"):
        unseal(old, "name:1")


def test_a_person_stored_under_an_old_key_is_found(settings: Settings, register: Callable[..., Complaint]) -> None:
    settings.FIELD_KEYS = KEYS["k1"]
    case = register("fiona", complainant=Complainant(**PERSON))
    settings.FIELD_KEYS = f"{KEYS['k2']},{KEYS['k1']}"
    assert list(Complaint.objects.of_same_person(phone="138 1234 1111")) == [case]


@pytest.mark.parametrize(
    "given", [{"phone": "＋86 138-1234-1111"}, {"id_number": "330106 19800101 0024"}, {"name": " 欧阳𠮷明 "}]
)
def test_a_person_is_found_however_it_is_written(person: Complainant, given: dict[str, str]) -> None:
    assert list(Complainant.objects.same_as(**given)) == [person]


def test_a_part_of_a_number_finds_nobody(person: Complainant) -> None:
    for given in ({"phone": "1381234"}, {"phone": ""}, {"id_number": "3301061980"}, {"name": "欧阳"}):
        assert not Complainant.objects.same_as(**given).exists()


def test_indexes_of_two_kinds_differ() -> None:
    assert blind_indexes("phone", "13812341111") != blind_indexes("id_number", "13812341111")


@pytest.mark.parametrize(
    "keys", ["", "k1", "k1:", "k1:eA==", "k1:!!!", f"{KEYS['k1']},{KEYS['k1']}", f"K 1{KEYS['k1'][2:]}"]
)
def test_keys_that_are_none_are_refused(settings: Settings, keys: str) -> None:
    settings.FIELD_KEYS = keys
    with pytest.raises(ImproperlyConfigured):
        seal("王小明", "name:1")


def test_masks_show_no_more_than_they_must(person: Complainant) -> None:
    shown = {name: person.masked(name) for name in PERSON}
    assert (shown["name"], shown["phone"], shown["id_number"]) == ("欧**", "138****1111", "3301**********0024")
    assert not set(shown.values()) & set(PERSON.values())


@pytest.mark.parametrize("mask", [mask_name, mask_phone, mask_identity, mask_email])
@pytest.mark.parametrize("value", ["1", "12", "12345", "a@b"])
def test_a_short_value_is_not_shown_whole(mask: Callable[[str], str], value: str) -> None:
    assert mask(value) != value
    assert mask("") == ""


@pytest.mark.parametrize(
    ("written", "normal"),
    [("138 0000 1111", "13800001111"), ("＋８６１３８００００１１１１", "13800001111"), ("0086-138-0000-1111", "13800001111"),
     ("(0571) 8888-1234", "057188881234"), ("+44 20 7946 0958", "+442079460958"), ("", ""), ("没有", "")],
)  # fmt: skip
def test_a_phone_number_has_one_spelling(written: str, normal: str) -> None:
    assert normal_phone(written) == normal


@pytest.mark.parametrize(
    ("number", "holds"),
    [("11010519491231002X", True), ("11010519491231002x", True), ("１１０１０５１９４９１２３１００２Ｘ", True),
     ("110105194912310021", False), ("11010519491231002", False), ("", False), ("X" * 18, False)],
)  # fmt: skip
def test_an_identity_number_proves_itself(number: str, holds: bool) -> None:
    assert identity_checksum_holds(number) is holds
    assert normal_identity(f" {number} ") == normal_identity(number)


def test_what_a_person_is_called_in_print_is_masked(person: Complainant, cast: Cast) -> None:
    assert str(person) == "欧**"
    assert "欧阳" not in repr(person)
