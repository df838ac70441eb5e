"""No address makes the program fail, whatever stands in it."""

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client

from complaints.forms.filters import Filters
from complaints.models import Complaint
from complaints.paging import Order
from reports.forms import MonthForm, SliceForm, SpanForm

NASTY = (
    "-.1", "-1.1", "99999999999999999.999999999999999999", "-99999999999999999.1", ".", "\u0661.\u0661", "9999-12-31",
    "9999-12", "0001-01-01", "2026-02-30", "\0", "a\0b", "x" * 5000, "%", "9" * 40, "NaN",
)  # fmt: skip
LISTS: dict[str, list[str]] = {
    "/complaints/": [*Filters.base_fields, "after", "before"],
    "/complaints/overdue/": ["after", "before"],
    "/work/": ["after", "before"],
    "/reports/cases/": list(SliceForm.base_fields),
    "/reports/register/": list(SpanForm.base_fields),
    "/reports/monthly/": list(MonthForm.base_fields),
    "/reports/dashboard/": ["days"],
    "/api/v1/complaints/": ["after", "cursor", "status", "unit", "received_from", "q"],
}
FIELDS = [(address, name) for address, names in LISTS.items() for name in names]


@pytest.mark.parametrize(("address", "name"), FIELDS, ids=[f"{address}{name}" for address, name in FIELDS])
def test_nothing_in_an_address_makes_it_fail(
    register: Callable[..., Complaint], as_: Callable[[str], Client], address: str, name: str
) -> None:
    register("fiona")
    browser = as_("carol")
    for value in NASTY:
        query = QueryDict(mutable=True)
        query[name] = value
        answer = browser.get(f"{address}?{query.urlencode()}")
        assert answer.status_code in {200, 302, 400, 404, 422}, (value, answer.status_code)


@pytest.mark.parametrize("order", Order.values)
@pytest.mark.parametrize("side", ["after", "before"])
def test_a_place_without_a_date_is_none_where_every_row_has_one(
    register: Callable[..., Complaint], as_: Callable[[str], Client], order: str, side: str
) -> None:
    case = register("fiona")
    page = as_("carol").get("/complaints/", {"order": order, side: "-.1"})
    assert page.status_code == 200
    assert (case.reference in page.content.decode()) == (order == Order.NEWEST or side == "before")
