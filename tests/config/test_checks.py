"""What refuses to start in production, each with its id."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django.fixtures import Settings

from config import checks

KEY = base64.b64encode(bytes(32)).decode()
GOOD = {
    "SECRET_KEY": "k" * 50,
    "FIELD_KEYS": f"k2:{KEY},k1:{KEY}",
    "ALLOWED_HOSTS": ["complaints.example.com"],
    "REDIS_URL": "redis://:p@valkey:6379/0",
    "DEMO": False,
    "DEBUG": False,
    "HTTPS": True,
}


@pytest.fixture
def production(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A production start in which nothing is wrong."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://shouwen@postgres/shouwen")
    monkeypatch.setenv("ALLOWED_HOSTS", "complaints.example.com")
    monkeypatch.delenv("SHOUWEN_EMBEDDED", raising=False)
    for name, value in GOOD.items():
        setattr(settings, name, value)
    return settings


def found() -> set[str | None]:
    return {message.id for check in checks.CHECKS for message in check(None)}


def test_nothing_is_wrong_with_a_complete_configuration(production: Settings) -> None:
    assert found() == set()
    checks.refuse_to_start()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "", "shouwen.E001"),
        ("SECRET_KEY", "short", "shouwen.E001"),
        ("FIELD_KEYS", "", "shouwen.E002"),
        ("FIELD_KEYS", KEY, "shouwen.E002"),
        ("FIELD_KEYS", "k1:c2hvcnQ=", "shouwen.E002"),
        ("FIELD_KEYS", "k1:no base64", "shouwen.E002"),
        ("FIELD_KEYS", f"k1:{KEY},k1:{KEY}", "shouwen.E003"),
        ("ALLOWED_HOSTS", [], "shouwen.E004"),
        ("ALLOWED_HOSTS", ["*"], "shouwen.E005"),
        ("REDIS_URL", "", "shouwen.E007"),
        ("REDIS_URL", "memory://", "shouwen.E007"),
        ("DEMO", True, "shouwen.E008"),
        ("METRICS_TOKEN", "short", "shouwen.E010"),
        ("HTTPS", False, "shouwen.W001"),
    ],
)
def test_a_wrong_setting_is_found(production: Settings, name: str, value: object, expected: str) -> None:
    setattr(production, name, value)
    assert found() == {expected}


def test_another_database_is_found(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(production.DATABASES["default"], "ENGINE", "django.db.backends.sqlite3")
    assert found() == {"shouwen.E006"}


@pytest.mark.parametrize(("name", "expected"), [("DATABASE_URL", "shouwen.E006"), ("ALLOWED_HOSTS", "shouwen.E004")])
def test_a_default_is_not_good_enough_for_production(
    production: Settings, monkeypatch: pytest.MonkeyPatch, name: str, expected: str
) -> None:
    monkeypatch.delenv(name)
    assert found() == {expected}


def test_a_process_refuses_to_serve_and_says_what_to_do(production: Settings) -> None:
    production.REDIS_URL = ""
    with pytest.raises(ImproperlyConfigured, match=r"\(shouwen.E007\) .* Set REDIS_URL to "):
        checks.refuse_to_start()


def test_a_warning_does_not_keep_it_from_starting(production: Settings) -> None:
    production.HTTPS = False
    checks.refuse_to_start()


def test_development_may_be_simpler(production: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWEN_EMBEDDED", "1")
    production.SECRET_KEY = "short"
    production.HTTPS = False
    assert found() == set()
