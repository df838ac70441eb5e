"""What lies out of somebody's scope is not found; any other row that is missing is a fault, and the log has it."""

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from rest_framework.decorators import api_view, authentication_classes, permission_classes
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Unit
from complaints.models import Complaint, Draft, SavedView
from config import urls
from sla.models import Calendar

ROWS: dict[str, Any] = {model.__name__.lower(): model for model in (Complaint, Draft, Unit, Calendar, SavedView)}


def a_page(request: HttpRequest, name: str) -> HttpResponse:
    ROWS[name].objects.get(pk=_no_key(name))
    return HttpResponse()


@api_view(["GET"])
@authentication_classes([])
@permission_classes([])
def a_machine(request: Request, name: str) -> Response:
    ROWS[name].objects.get(pk=_no_key(name))
    return Response()


def _no_key(name: str) -> Any:
    return "00000000-0000-0000-0000-000000000000" if name == "draft" else 0


urlpatterns = [path("page/<str:name>", a_page), path("api/v1/machine/<str:name>", a_machine), *urls.urlpatterns]
handler500 = urls.handler500
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]
CASES = [("complaint", 404), ("draft", 404), ("unit", 500), ("calendar", 500), ("savedview", 500)]


@pytest.mark.parametrize(("name", "status"), CASES)
@pytest.mark.parametrize("where", ["/page/", "/api/v1/machine/"])
def test_only_complaints_and_drafts_may_be_out_of_scope(
    name: str, status: int, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = Client(raise_request_exception=False).get(where + name)
    assert answer.status_code == status
    logged = [record.exc_info for record in caplog.records if record.levelname == "ERROR" and record.exc_info]
    assert any(isinstance(error, ObjectDoesNotExist) for _kind, error, _trace in logged) == (status == 500)
