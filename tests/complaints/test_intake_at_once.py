"""One draft sent several times at the same moment: one complaint, and every answer leads to it."""

from django.test import Client

from complaints.models import Complaint
from tests.committed import db  # noqa: F401  (rows are committed here: several connections meet)
from tests.complaints.test_api_at_once import MANY, at_once
from tests.complaints.test_intake_page import PAGE, form
from tests.conftest import Cast


def test_every_answer_leads_to_the_one_complaint(cast: Cast) -> None:
    browsers = [Client() for _ in range(MANY)]
    for browser in browsers:
        browser.force_login(cast.fiona, backend="allauth.account.auth_backends.AuthenticationBackend")
    for number in range(4):
        sent = form(phone=f"1381234111{number}", name="王小明")
        answers = at_once(lambda number, sent=sent: browsers[number].post(PAGE, sent))
        assert {answer.status_code for answer in answers} == {302}
        assert {answer["Location"] for answer in answers} == {Complaint.objects.latest("pk").get_absolute_url()}
        assert Complaint.objects.count() == number + 1
