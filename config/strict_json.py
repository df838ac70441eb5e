"""JSON from machines: one spelling, bounded, and never a 500 (NaN, endless nesting, huge numbers, keys given twice)."""

import json
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.parsers import BaseParser


class TooLarge(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class StrictJSONParser(BaseParser):
    """A body in UTF-8 of `DATA_UPLOAD_MAX_MEMORY_SIZE` bytes at most. Raises ParseError or TooLarge."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge(_("The body is larger than %(limit)s MB.") % {"limit": most // 1024 // 1024})
        try:
            found = json.loads(body.decode(), parse_constant=_refuse, object_pairs_hook=_once)
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("The body is not JSON that can be read.")) from error
        if not isinstance(found, dict):
            raise exceptions.ParseError(_("The body must be a JSON object."))
        return found


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found
