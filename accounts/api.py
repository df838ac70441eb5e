"""API sign-in: hashed, scoped, expiring tokens; everything else is refused."""

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from accounts import limits
from accounts.models import ApiToken, User
from accounts.scope import access_of

if TYPE_CHECKING:
    from rest_framework.views import APIView  # imports this module through the settings


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Token …`. One query; the secret itself is never stored."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _separator, secret = get_authorization_header(request).partition(b" ")
        if scheme.lower() != b"token":
            return None
        digest = ApiToken.digest_of(secret.strip().decode("latin-1"))
        token = ApiToken.objects.select_related("user").filter(digest=digest).first()
        if token is None or not token.is_valid(timezone.now()) or not token.user.is_active:
            raise exceptions.AuthenticationFailed(_("This token is unknown, has expired, or was revoked."))
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Token"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the token is described in OpenAPI."""

    target_class = "accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token <secret>"}


class HasAccess(BasePermission):
    """Signed in, with a role in force, and (for a token) with the scope the view names in `token_scope`."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        user = request.user
        if not isinstance(user, User) or not user.is_active or not access_of(user).roles:
            return False
        if isinstance(request.auth, ApiToken):
            wanted = getattr(view, "token_scope", {}).get(request.method, ApiToken.Scope.READ)
            return wanted in request.auth.scopes
        return True


class TokenLimit(BaseThrottle):
    """No token calls more often than `API_CALLS_A_MINUTE`; people in their browsers are not counted."""

    def allow_request(self, request: Request, view: "APIView") -> bool:
        self._wait = limits.spend(request.auth) if isinstance(request.auth, ApiToken) else 0
        return not self._wait

    def wait(self) -> float:
        return self._wait
