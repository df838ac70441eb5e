"""The settings: for administrators by role and for nobody else; everything is kept, nothing is deleted."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, Unit, User
from accounts.roles import Role
from complaints.models import Cause, Complaint, Product
from sla.models import Calendar, CalendarVersion, Policy
from tests.conftest import Cast

As = Callable[[str], Client]
REGISTERED = sorted(admin.site._registry, key=lambda model: model._meta.label)
NOBODY_ELSE = ["fiona", "hank", "sam", "olivia", "carol", "audrey"]


def address(model: type, page: str = "changelist", *args: object) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)  # type: ignore[attr-defined]


def member_form(**given: object) -> dict[str, object]:
    """The forms beside a person: none held, none given."""
    management = {
        f"memberships{suffix}-{name}": 0
        for suffix in ("", "-2")
        for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")
    }
    return management | given


def test_only_settings_are_here() -> None:
    names = {model._meta.label for model in REGISTERED}
    assert names == {
        "accounts.Absence", "accounts.ApiToken", "accounts.Unit", "accounts.User", "complaints.Cause", "complaints.Product",
        "sla.Calendar", "sla.CalendarVersion", "sla.Policy",
    }  # fmt: skip


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_an_administrator_opens_every_list(as_: As, model: type) -> None:
    assert as_("adam").get(address(model)).status_code == 200


@pytest.mark.parametrize("who", NOBODY_ELSE)
def test_nobody_else_opens_any(as_: As, who: str) -> None:
    browser = as_(who)
    for model in REGISTERED:
        assert browser.get(address(model), follow=True).status_code == 403
    assert browser.get("/admin/", follow=True).status_code == 403


def test_a_superuser_without_the_role_is_nobody(as_: As, cast: Cast) -> None:
    cast.fiona.is_superuser = cast.fiona.is_staff = True
    cast.fiona.save()
    assert as_("fiona").get("/admin/", follow=True).status_code == 403


def test_an_administrator_whose_role_has_ended_is_nobody(as_: As, cast: Cast) -> None:
    cast.adam.memberships.update(until_on=timezone.localdate() - timedelta(days=1))
    assert as_("adam").get("/admin/", follow=True).status_code == 403


def test_signing_in_happens_where_everybody_does_it(db: None) -> None:
    answer = Client().get("/admin/accounts/unit/", follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_nothing_can_be_deleted(as_: As, cast: Cast, model: type) -> None:
    row = model._default_manager.exclude(pk=cast.system.pk).first() or Product.objects.create(code="p", name="卡")  # type: ignore[attr-defined]
    assert as_("adam").post(address(type(row), "delete", row.pk), {"post": "yes"}).status_code == 403
    assert type(row)._default_manager.filter(pk=row.pk).exists()


def test_a_unit_is_added_below_another_and_its_history_says_by_whom(as_: As, cast: Cast) -> None:
    form = {"name": "高新网点", "code": "E3", "kind": "outlet", "parent": cast.unit["E"].pk, "is_active": "on"}
    as_("adam").post(address(Unit, "add"), form)
    unit = Unit.objects.get(code="E3")
    assert (unit.path, unit.history.get().history_user) == ("/HO/E/E3/", cast.adam)


def test_a_unit_with_units_below_it_stays_where_it_is(as_: As, cast: Cast) -> None:
    east = cast.unit["E"]
    as_("adam").post(
        address(Unit, "change", east.pk), {"name": "东部支行", "kind": "branch", "parent": cast.unit["W"].pk}
    )
    east.refresh_from_db()
    assert (east.name, east.path) == ("东部支行", "/HO/E/")


def test_a_person_is_added_with_a_password_and_a_role(as_: As, cast: Cast) -> None:
    adam = as_("adam")
    secret = "resilient-harbour-42"
    form = {"username": "nina", "name": "倪娜", "usable_password": "true", "password1": secret, "password2": secret}
    adam.post(address(User, "add"), form)
    nina = User.objects.get(username="nina")
    role = {"memberships-2-TOTAL_FORMS": 1, "memberships-2-0-unit": cast.unit["E1"].pk,
            "memberships-2-0-role": "front_desk", "memberships-2-0-from_on": "2026-01-01"}  # fmt: skip
    person = {"username": "nina", "name": "倪娜", "is_active": "on"}
    adam.post(address(User, "change", nina.pk), member_form(**person, **role))
    given = Membership.objects.get(user=nina)
    assert (given.role, given.unit, given.history.get().history_user) == (Role.FRONT_DESK, cast.unit["E1"], cast.adam)
    assert nina.check_password(secret)


def test_nobody_is_made_the_system(as_: As, cast: Cast) -> None:
    adam, change = as_("adam"), address(User, "change", cast.frank.pk)
    assert 'value="system"' not in adam.get(change).content.decode()
    assert 'value="auditor"' in adam.get(change).content.decode()
    role = {"memberships-2-TOTAL_FORMS": 1, "memberships-2-0-unit": cast.unit["HO"].pk,
            "memberships-2-0-role": "system", "memberships-2-0-from_on": "2026-01-01"}  # fmt: skip
    adam.post(change, member_form(username="frank", name="方强", is_active="on", **role))
    assert not Membership.objects.filter(role=Role.SYSTEM).exists()


def test_a_person_who_leaves_stays_in_the_table(as_: As, cast: Cast) -> None:
    held = cast.frank.memberships.get()
    form = member_form(username="frank", name="方强") | {
        "memberships-TOTAL_FORMS": 1, "memberships-INITIAL_FORMS": 1, "memberships-0-id": held.pk,
        "memberships-0-user": cast.frank.pk, "memberships-0-until_on": "2026-01-31",
    }  # fmt: skip
    as_("adam").post(address(User, "change", cast.frank.pk), form)
    cast.frank.refresh_from_db()
    held.refresh_from_db()
    assert (cast.frank.is_active, held.until_on, held.unit) == (False, date(2026, 1, 31), cast.unit["E1"])


def test_the_system_cannot_be_opened(as_: As, cast: Cast) -> None:
    assert as_("adam").get(address(User, "change", cast.system.pk), follow=True).redirect_chain


def test_policies_are_only_looked_at(as_: As, cast: Cast) -> None:
    policy = Policy.objects.get(code="house")
    adam = as_("adam")
    assert "24" in adam.get(address(Policy, "change", policy.pk)).content.decode()
    assert adam.post(address(Policy, "change", policy.pk), {"name": "x"}).status_code == 403
    assert adam.get(address(Policy, "add")).status_code == 403


def test_calendars_are_only_looked_at(as_: As, cast: Cast) -> None:
    version = CalendarVersion.objects.latest_for("cn")
    adam = as_("adam")
    assert "2026-02-17" in adam.get(address(CalendarVersion, "change", version.pk)).content.decode()
    assert adam.post(address(CalendarVersion, "change", version.pk), {"number": 9}).status_code == 403
    assert adam.get(address(Calendar, "add")).status_code == 403


def test_renaming_a_cause_renames_the_trails_below_it(as_: As, cast: Cast) -> None:
    card = Cause.objects.create(code="card", name="银行卡")
    fraud = Cause.objects.create(code="card-fraud", name="盗刷", parent=card)
    as_("adam").post(address(Cause, "change", card.pk), {"name": "信用卡", "code": "card", "is_active": "on"})
    fraud.refresh_from_db()
    assert fraud.trail == "信用卡 › 盗刷"


def test_a_fifth_level_is_refused(as_: As, cast: Cast) -> None:
    parent = None
    for level in "1234":
        parent = Cause.objects.create(code=level, name=level, parent=parent)
    assert parent is not None
    answer = as_("adam").post(address(Cause, "add"), {"name": "5", "code": "5", "parent": parent.pk, "is_active": "on"})
    assert (answer.status_code, Cause.objects.filter(code="5").exists()) == (200, False)


@pytest.mark.parametrize("model", [Unit, User, Policy], ids=lambda model: model.__name__)
def test_the_history_of_a_row_can_be_read(as_: As, cast: Cast, model: type[Unit | User | Policy]) -> None:
    row = model._default_manager.order_by("-pk").first()
    assert row is not None
    assert as_("adam").get(address(model, "history", row.pk)).status_code == 200


def test_no_address_tells_the_reference_of_a_complaint(as_: As, register: Callable[..., Complaint]) -> None:
    case = register("fiona")
    answer = as_("adam").get(f"/admin/r/{ContentType.objects.get_for_model(Complaint).pk}/{case.pk}/")
    assert answer.status_code == 404
    assert case.reference not in answer.content.decode() + answer.headers.get("Location", "")


@pytest.mark.parametrize("page", ["/admin/", "/admin/accounts/user/", "/admin/accounts/unit/add/", "/admin/jsi18n/"])
def test_the_settings_have_a_policy_as_strict_as_their_menus_allow(as_: As, page: str) -> None:
    policy = dict(
        part.strip().split(" ", 1) for part in as_("adam").get(page).headers["Content-Security-Policy"].split(";")
    )
    assert policy["script-src"] == "'self' 'unsafe-eval'"
    assert {policy[name] for name in ("frame-ancestors", "object-src", "base-uri")} == {"'none'"}


def test_no_other_page_evaluates_anything(as_: As) -> None:
    assert "unsafe-eval" not in as_("fiona").get("/work/").headers["Content-Security-Policy"]
