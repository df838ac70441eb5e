"""Who may enter a page at all. What may be done to one case is another question: `complaints.scope`."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.errors import NotAllowed
from accounts.models import User
from accounts.roles import Role
from accounts.scope import access_of

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def person_of(request: HttpRequest) -> User:
    """The person signed in. Only behind `login_required` or `needs_role`."""
    assert isinstance(request.user, User)
    return request.user


def needs_role(*roles: Role) -> Callable[[View[P]], View[P]]:
    """A page for people who hold one of `roles` today: signed out they are asked to sign in, else told what is missing."""
    wanted = frozenset(roles)

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not access_of(person_of(request)).roles & wanted:
                names = pgettext("between two of a list", ", ").join(str(role.label) for role in Role if role in wanted)
                raise NotAllowed(
                    _(
                        "This page is for: %(roles)s. Ask your supervisor to do it, or an administrator to give you the"
                        " role."
                    )
                    % {"roles": names}
                )
            return view(request, *args, **kwargs)

        return login_required(guarded)

    return guard
