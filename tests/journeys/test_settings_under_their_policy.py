"""The settings in a real browser: their menus work under their content policy, and nothing of theirs is refused."""

from datetime import date

import pytest
from playwright.sync_api import expect

from accounts.models import Membership, Unit, User
from tests.journeys.conftest import Staff


@pytest.mark.parametrize("address", ["/admin/", "/admin/accounts/unit/", "/admin/accounts/unit/add/"])
def test_a_page_of_the_settings_is_drawn_whole(staff: Staff, address: str) -> None:
    tab = staff("admin")
    tab.goto(address)
    expect(tab.locator("html")).not_to_have_attribute("x-cloak", "")  # taken away once the menus live
    assert not staff.failures


def test_a_person_s_roles_can_be_added_to(staff: Staff) -> None:
    tab = staff("admin")
    person = User.objects.get(username="handler")
    tab.goto(f"/admin/accounts/user/{person.pk}/change/")
    tab.locator(".add-row").last.click()
    tab.select_option("select[name=memberships-2-0-unit]", str(Unit.objects.get(parent=None).pk))
    tab.select_option("select[name=memberships-2-0-role]", "auditor")
    tab.locator("[name=memberships-2-0-from_on]").fill("2026-01-01")
    with tab.expect_navigation():
        tab.locator("[name=_save]").click()
    assert Membership.objects.get(user=person, role="auditor").from_on == date(2026, 1, 1)
    assert not staff.failures
