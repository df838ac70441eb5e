"""The files that build and ship: no addresses, no default secrets, nobody is root."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

BASE = Path(settings.BASE_DIR)
SECRETS = ("POSTGRES_PASSWORD", "VALKEY_PASSWORD", "SECRET_KEY", "SHOUWEN_FIELD_KEYS")
REGISTRY = re.compile(r"https?://[^\s\"]*(pypi|pythonhosted|npmjs|registry|mirror)", re.IGNORECASE)


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((BASE / "docker-compose.yml").read_text())


def test_the_whole_product_is_composed(compose: Any) -> None:
    assert set(compose["services"]) == {"migrate", "web", "worker", "beat", "postgres", "valkey"}
    used = {mount.split(":")[0] for service in compose["services"].values() for mount in service["volumes"]}
    assert used == set(compose["volumes"])


def test_every_lasting_service_has_a_health_check(compose: Any) -> None:
    image_has_one = {"web"}
    for name in set(compose["services"]) - image_has_one - {"migrate"}:
        assert "test" in compose["services"][name]["healthcheck"], name
    assert "HEALTHCHECK" in (BASE / "Dockerfile").read_text()


@pytest.mark.parametrize("secret", SECRETS)
def test_no_secret_has_a_default(secret: str) -> None:
    text = (BASE / "docker-compose.yml").read_text()
    uses = re.findall(rf"\$\{{{secret}([^}}]*)\}}", text)
    assert uses
    assert all(rest.startswith(":?") for rest in uses)


def test_the_image_ends_as_an_ordinary_user_without_development_libraries() -> None:
    last = (BASE / "Dockerfile").read_text().rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (.+)$", last, re.MULTILINE) == ["shouwen"]
    assert "requirements-dev" not in last


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt", "package-lock.json", ".npmrc"])
def test_no_pinned_file_names_a_registry(name: str) -> None:
    assert REGISTRY.search((BASE / name).read_text()) is None


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_a_hash(name: str) -> None:
    entries = re.split(r"\n(?=\S)", (BASE / name).read_text().strip())
    assert all(re.match(r"[\w.\[\],-]+==\S+", entry) and "--hash=sha256:" in entry for entry in entries)


def test_every_npm_package_is_pinned_exactly_and_with_a_hash() -> None:
    lock = json.loads((BASE / "package-lock.json").read_text())
    wanted = json.loads((BASE / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in wanted.values())
    assert all("integrity" in package for path, package in lock["packages"].items() if path)
