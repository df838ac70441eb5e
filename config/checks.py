"""System checks: what must hold before a production process starts. Ids and hints are stable; docs/operations.md lists them.

Production is every start that is neither a demo (SHOUWEN_DEMO=1), nor for development (SHOUWEN_DEBUG=1), nor on the
embedded services. Django runs these checks before a command; web, worker and beat ask `refuse_to_start`.
"""

import base64
import binascii
import os
from collections.abc import Sequence
from typing import Any

from django.apps.config import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.core.exceptions import ImproperlyConfigured

TAG = "shouwen"
SHORTEST_SECRET = 50  # characters
SHORTEST_TOKEN = 32  # characters
FIELD_KEY_BYTES = 32


def in_production() -> bool:
    """Whether this process may meet real complaints."""
    embedded = os.environ.get("SHOUWEN_EMBEDDED") == "1"
    return not (settings.DEBUG or settings.DEMO or embedded)


@register(TAG)
def secret_key(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E001: sessions and signed links hang on this key."""
    try:
        long_enough = len(settings.SECRET_KEY) >= SHORTEST_SECRET
    except ImproperlyConfigured:  # Django's own word on an empty one
        long_enough = False
    if not in_production() or long_enough:
        return []
    hint = f"Set SECRET_KEY to at least {SHORTEST_SECRET} random characters and keep it secret."
    return [Error("SECRET_KEY is missing or too short.", hint=hint, id="shouwen.E001")]


@register(TAG)
def field_keys(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E002 and E003: without a usable key no personal data can be stored or read, demo or not."""
    hint = "Set SHOUWEN_FIELD_KEYS to id:key[,id:key...], newest first; a key is the base64 of 32 random bytes."
    ids: list[str] = []
    for part in filter(None, settings.FIELD_KEYS.split(",")):
        key_id, _colon, encoded = part.partition(":")
        ids.append(key_id)
        if not key_id or not _is_field_key(encoded):
            return [Error(f"SHOUWEN_FIELD_KEYS is malformed at key {len(ids)}.", hint=hint, id="shouwen.E002")]
    if not ids:
        return [Error("SHOUWEN_FIELD_KEYS is missing.", hint=hint, id="shouwen.E002")]
    if len(set(ids)) < len(ids):
        hint = "Give every key an id of its own: rows name the key that they were written with."
        return [Error("SHOUWEN_FIELD_KEYS names an id twice.", hint=hint, id="shouwen.E003")]
    return []


@register(TAG)
def allowed_hosts(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E004: a forged Host header must not reach a link that we send."""
    if not in_production() or ("ALLOWED_HOSTS" in os.environ and settings.ALLOWED_HOSTS):
        if in_production() and "*" in settings.ALLOWED_HOSTS:
            hint = "Name the hosts that people type; a proxy that checks them is not enough."
            return [Error("ALLOWED_HOSTS allows every host.", hint=hint, id="shouwen.E005")]
        return []
    hint = "Set ALLOWED_HOSTS to the names that people reach this installation by, with commas between them."
    return [Error("ALLOWED_HOSTS is empty.", hint=hint, id="shouwen.E004")]


@register(TAG)
def database(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E006: the append-only histories and the claiming of work rest on PostgreSQL."""
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql" and (
        not in_production() or "DATABASE_URL" in os.environ
    ):
        return []
    hint = "Set DATABASE_URL to postgresql://user:password@host:5432/name."
    return [Error("DATABASE_URL is missing or is not PostgreSQL.", hint=hint, id="shouwen.E006")]


@register(TAG)
def broker(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E007: without a broker nothing is swept, and nobody is told."""
    if not in_production() or settings.REDIS_URL.startswith(("redis://", "rediss://")):
        return []
    hint = "Set REDIS_URL to redis://:password@host:6379/0 (or rediss:// for TLS)."
    return [Error("REDIS_URL is missing or is not a Redis address.", hint=hint, id="shouwen.E007")]


@register(TAG)
def https(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """W001: cookies that travel unencrypted."""
    if not in_production() or settings.HTTPS:
        return []
    hint = "Set SHOUWEN_HTTPS=1 behind a proxy that ends TLS and sets X-Forwarded-Proto."
    return [Warning("Cookies are sent without TLS.", hint=hint, id="shouwen.W001")]


@register(TAG)
def demo_on_real_services(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E008: the demo's passwords are public."""
    if not (settings.DEMO and settings.HTTPS):
        return []
    hint = "Unset SHOUWEN_DEMO; sign-ins with a published password must not be reachable."
    return [Error("SHOUWEN_DEMO and SHOUWEN_HTTPS contradict each other.", hint=hint, id="shouwen.E008")]


@register(TAG)
def ping_url(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E009: an address that is asked must be one of the web."""
    if not settings.PING_URL or settings.PING_URL.startswith(("https://", "http://")):
        return []
    hint = "Give the whole address, beginning with https://, or leave SHOUWEN_PING_URL unset."
    return [Error("SHOUWEN_PING_URL is no web address.", hint=hint, id="shouwen.E009")]


@register(TAG)
def metrics_token(app_configs: Sequence[AppConfig] | None, **_: Any) -> list[CheckMessage]:
    """E010: whoever guesses it reads how the house is doing. Without one there are no metrics, which is fine."""
    if not in_production() or not settings.METRICS_TOKEN or len(settings.METRICS_TOKEN) >= SHORTEST_TOKEN:
        return []
    hint = f"Set METRICS_TOKEN to at least {SHORTEST_TOKEN} random characters, or leave it unset: then there are no metrics."
    return [Error("METRICS_TOKEN is too short.", hint=hint, id="shouwen.E010")]


def refuse_to_start() -> None:
    """Raises ImproperlyConfigured with every error and its hint. Called before a process begins to serve."""
    found = [message for check in CHECKS for message in check(None) if message.is_serious()]
    if found:
        raise ImproperlyConfigured("\n".join(f"({one.id}) {one.msg} {one.hint}" for one in found))


def _is_field_key(encoded: str) -> bool:
    try:
        return len(base64.b64decode(encoded, validate=True)) == FIELD_KEY_BYTES
    except binascii.Error:
        return False


CHECKS = (
    secret_key, field_keys, allowed_hosts, database, broker, https, demo_on_real_services, ping_url, metrics_token,
)  # fmt: skip
