"""Refusals: what a verb says when it will not. Answered once, in `config.refusals`, for pages and API alike."""

from typing import Any


class Refusal(Exception):
    """A deed refused. `message` is a translated sentence that says what to do instead."""

    status = 400
    code = "refused"

    def __init__(self, message: Any, **context: Any) -> None:
        super().__init__(message)
        self.message = message
        self.context = context


class Invalid(Refusal):
    """The input does not hold; `errors` maps a field's name to its messages."""

    status = 400
    code = "invalid"

    def __init__(self, message: Any, errors: dict[str, list[Any]] | None = None, **context: Any) -> None:
        super().__init__(message, **context)
        self.errors = errors or {}


class NotAllowed(Refusal):
    """In scope, but not this person's deed."""

    status = 403
    code = "not_allowed"


class WrongStatus(Refusal):
    """The case is not where this deed can start, or is no longer where the page showed it."""

    status = 409
    code = "wrong_status"


class Stale(WrongStatus):
    """Somebody changed the case since the page was opened; the text typed is kept."""

    code = "stale"


class Conflict(WrongStatus):
    """The same key came with another body."""

    code = "conflict"
