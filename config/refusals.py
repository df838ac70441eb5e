"""The one place where a refusal becomes an answer: a page for people, problem+json for machines."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.defaults import page_not_found, server_error
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from accounts.errors import Invalid, Refusal
from complaints.models import Complaint, Draft

PROBLEM = "application/problem+json"
API = "/api/v1/"
# What may lie out of somebody's scope. Any other row that is not there is a fault of ours: logged, and answered with 500.
OUT_OF_SCOPE = (Complaint.DoesNotExist, Draft.DoesNotExist)


class RefusalMiddleware:
    """Turns what a verb refused into the page that says so. Out of scope is 404, whoever asks (rule 5)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """An address with a NUL names nothing: PostgreSQL knows no such text."""
        if "\0" in request.path_info:
            if request.path_info.startswith(API):
                return JsonResponse(problem(404, _("Not found."), code="not_found"), status=404, content_type=PROBLEM)
            return page_not_found(request, Http404())
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            template = "errors/_refusal.html" if getattr(request, "htmx", False) else "errors/refusal.html"
            return render(request, template, {"refusal": error, "next": request.path}, status=error.status)
        if isinstance(error, OUT_OF_SCOPE):
            raise Http404 from error
        return None


def problem(status: int, title: str, **more: Any) -> dict[str, Any]:
    """The body of RFC 9457."""
    return {"type": "about:blank", "status": status, "title": title, **more}


def api_refusal(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every refusal and every error of DRF as problem+json."""
    if isinstance(error, Refusal):
        more: dict[str, Any] = {"code": error.code}
        if isinstance(error, Invalid):
            more["errors"] = {name: [str(text) for text in texts] for name, texts in error.errors.items()}
        return _answer(error.status, str(error.message), **more)
    if isinstance(error, (*OUT_OF_SCOPE, Http404)):
        return _answer(404, _("Not found."), code="not_found")
    if isinstance(error, PermissionDenied):
        return _answer(403, _("You may not do this."), code="not_allowed")
    if isinstance(error, exceptions.ValidationError):
        errors = error.detail if isinstance(error.detail, dict) else {"body": error.detail}
        return _answer(400, _("Please check the marked fields."), code="invalid", errors=errors)
    plain = exception_handler(error, context)
    if isinstance(error, exceptions.Throttled):
        wait = int(getattr(error, "wait", None) or 1)
        title = _("Too many calls with this token. Try again in %(seconds)d seconds.") % {"seconds": wait}
        answer = _answer(429, title, code="too_many_calls")
        answer.headers["Retry-After"] = str(wait)
        return answer
    if plain is None:
        return None
    assert isinstance(error, exceptions.APIException)
    answer = _answer(plain.status_code, str(error.detail), code=str(getattr(error.detail, "code", "error")))
    for name, value in plain.headers.items():
        answer.headers[name] = value
    return answer


def _answer(status: int, title: str, **more: Any) -> Response:
    return Response(problem(status, title, **more), status=status, content_type=PROBLEM)


def broken(request: HttpRequest) -> HttpResponse:
    """What nobody foresaw: the log has it; the answer tells nothing of it."""
    if request.path_info.startswith(API):
        body = problem(
            500,
            _("Something went wrong on our side. Try again; with the same key nothing happens twice."),
            code="error",
        )
        return JsonResponse(body, status=500, content_type=PROBLEM)
    return server_error(request)
