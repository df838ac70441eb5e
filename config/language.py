"""Chinese unless the reader chose otherwise. A browser's own language decides nothing; a program gets what it asks for."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header

CHOICES = {code for code, _name in settings.LANGUAGES}
API = "/api/"


class LanguageMiddleware:
    """Speaks the language of the cookie that the language switch sets, else the product's own.

    Below /api/ without such a cookie: the first of `Accept-Language` that we speak.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        is_machine = request.path_info.startswith(API)
        language = chosen if chosen in CHOICES else _asked_for(request) if is_machine else settings.LANGUAGE_CODE
        translation.activate(language)
        request.LANGUAGE_CODE = language
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if is_machine:
            patch_vary_headers(response, ["Accept-Language"])
        return response


def _asked_for(request: HttpRequest) -> str:
    """The language that a program prefers among ours; `zh-CN` is Chinese and `en-GB` English."""
    for name, _quality in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        try:
            return translation.get_supported_language_variant(name)
        except LookupError:
            continue
    return settings.LANGUAGE_CODE
