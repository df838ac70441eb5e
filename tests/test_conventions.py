"""The ten rules and the one recipe, held by the machine. What is missing or broken is named."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from inspect import Parameter, signature
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.template.loader import get_template
from django.urls import reverse
from django.utils.translation import override

from complaints import sentences
from complaints.states import DEEDS, Status, Verb

BASE = Path(settings.BASE_DIR)
APPS = ("accounts", "sla", "complaints", "notifications", "channels", "reports")
CODE = (*APPS, "config")
MODULES = sorted(path for app in CODE for path in (BASE / app).rglob("*.py") if "migrations" not in path.parts)
TEMPLATES = sorted((BASE / "templates").rglob("*.html"))
VERBS = (
    "intake",
    "lifecycle",
    "ownership",
    "escalation",
    "correspondence",
    "evidence",
    "agreements",
    "aftercare",
    "deadlines",
    "extending",
    "pausing",
)
BY_THE_SYSTEM = (Verb.BREACH, Verb.WARN, Verb.ESCALATE, Verb.RECOMPUTE)

# Models that nobody edits: records of what happened, facts published once, and one's own conveniences.
WITHOUT_HISTORY = {
    "sla.CalendarVersion", "sla.CalendarDay", "sla.Clock", "sla.Sweep", "sla.Recomputation", "sla.Rung",
    "complaints.CaseEvent", "complaints.Note",
    "complaints.Evidence", "complaints.Escalation", "complaints.Draft", "complaints.SavedView",
    "notifications.Notification", "reports.Export", "accounts.ApiUse",
}  # fmt: skip


def name(path: Path) -> str:
    return str(path.relative_to(BASE))


def faces() -> list[Path]:
    """Views, API, forms, serializers and tasks: they parse, find, act and answer."""
    rooms = {"views", "api", "forms", "serializers", "tasks"}
    return [path for path in MODULES if rooms & {part.removesuffix(".py") for part in path.relative_to(BASE).parts[1:]}]


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in APPS]


def edited() -> list[type[models.Model]]:
    return [model for model in ours() if not model.__name__.startswith("Historical")]


# Rule 1: one word per deed. What the recipe "adding a verb" asks for.


@pytest.mark.parametrize("verb", Verb)
def test_a_verb_is_a_function_that_asks_who_acts(verb: Verb) -> None:
    module = "sla.enforcement" if verb is Verb.BREACH else None
    homes = [import_module(module or f"complaints.{home}") for home in VERBS]
    function = next(getattr(home, verb) for home in homes if hasattr(home, verb))
    actor = signature(function).parameters.get("actor")
    if verb is not Verb.BREACH:  # recorded by `escalate`, which knows who
        assert actor is not None
        assert (actor.kind, actor.default) == (Parameter.KEYWORD_ONLY, Parameter.empty)


@pytest.mark.parametrize("verb", DEEDS)
def test_a_deed_is_the_last_segment_of_its_addresses(verb: Verb) -> None:
    for names in ("complaints", "api"):
        assert reverse(f"{names}:{verb}", args=["TS20260210-000001"]).endswith(f"/{verb}/")


@pytest.mark.parametrize("verb", DEEDS)
def test_a_deed_has_a_template_of_its_name(verb: Verb) -> None:
    assert get_template(f"complaints/deeds/{verb}.html")


@pytest.mark.parametrize("verb", Verb)
def test_a_verb_has_a_test_file_of_its_name(verb: Verb) -> None:
    assert (BASE / "tests" / "complaints" / f"test_{verb}.py").exists()


@pytest.mark.parametrize("verb", Verb)
def test_an_event_has_a_sentence_in_both_languages(verb: Verb) -> None:
    told = SimpleNamespace(verb=verb.value, actor_id=1, facts={})
    said = {}
    for language in ("zh-hans", "en"):
        with override(language):
            said[language] = (sentences.plain(told, {1: "李敏"}), str(verb.label))
    assert said["zh-hans"][0] != said["en"][0]
    assert said["zh-hans"][1] != said["en"][1]


@pytest.mark.parametrize("word", [*Verb, *Status])
def test_the_glossary_knows_every_word_of_the_table(word: str) -> None:
    assert re.search(rf"\b{word}\b", (BASE / "docs" / "glossary.md").read_text())


# Rule 3: what writes complaints past `save` is the door's alone.


def test_only_the_door_writes_many_complaints_at_once() -> None:
    users = {name(path) for path in MODULES if "save_together" in path.read_text()}
    assert users == {"complaints/history.py", "complaints/models/saving.py"}


# Rule 5: reads begin with scope.


SCOPED = {"visible_to", "none"}


def bare_reads(path: Path) -> Iterator[int]:
    """Lines where `Complaint.objects` is followed by anything but its scope. A query may look up one of its rows."""
    nodes = list(ast.walk(tree(path)))
    scoped = {id(node.value) for node in nodes if isinstance(node, ast.Attribute) and node.attr in SCOPED}
    for call in (node for node in nodes if isinstance(node, ast.Call) and "OuterRef" in ast.dump(node)):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "filter":
            scoped.add(id(call.func.value))
    for node in nodes:
        if (
            isinstance(node, ast.Attribute)
            and node.attr in {"objects", "_default_manager"}
            and isinstance(node.value, ast.Name)
            and node.value.id == "Complaint"
            and id(node) not in scoped
        ):
            yield node.lineno


def readers() -> list[Path]:
    return [path for path in MODULES if path in faces() or path.is_relative_to(BASE / "reports")]


def test_every_read_begins_with_visible_to() -> None:
    assert [f"{name(path)}:{line}" for path in readers() for line in bare_reads(path)] == []


# Rule 9: views parse, find, act, answer.

WRITES = {"save", "create", "update", "delete", "get_or_create", "update_or_create"}


def writes(path: Path) -> Iterator[int]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            attribute = node.func.attr
            if attribute.startswith("bulk_") or (attribute in WRITES and not is_plain(node.func.value)):
                yield node.lineno


def is_plain(value: ast.expr) -> bool:
    """A dict, set or mapping of our own: named so, or written out."""
    return isinstance(value, ast.Dict | ast.Set) or (
        isinstance(value, ast.Name)
        and value.id in {"context", "given", "found", "data", "query", "params", "errors", "address"}
    )


def test_no_view_form_or_task_writes() -> None:
    assert [f"{name(path)}:{line}" for path in faces() for line in writes(path)] == []


def test_no_signal_handler_acts() -> None:
    assert [name(path) for path in MODULES if "post_save" in path.read_text() and path.name != "row_history.py"] == []


# Rule 10: never cascade, never delete; and what a person edits has a history.


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_no_foreign_key_cascades(model: type[models.Model]) -> None:
    keys = [field for field in model._meta.get_fields() if isinstance(field, models.ForeignKey)]
    assert [key.name for key in keys if key.remote_field.on_delete is models.CASCADE] == []


@pytest.mark.parametrize("model", edited(), ids=lambda model: model._meta.label)
def test_what_a_person_edits_has_a_history(model: type[models.Model]) -> None:
    has_history = hasattr(model._meta, "simple_history_manager_attribute")
    assert has_history is (model._meta.label not in WITHOUT_HISTORY)


HISTORIES = [model for model in ours() if model.__name__.startswith("Historical")]


@pytest.mark.parametrize("model", HISTORIES, ids=lambda model: model._meta.label)
def test_a_row_history_is_indexed_by_row_and_date_alone(model: Any) -> None:
    """Every deed writes there; what else a history is searched by must be worth an index on each of its rows."""
    row = model.instance_type._meta.pk.name
    assert [field.name for field in model._meta.fields if field.db_index or field.unique] == [row, "history_id"]
    assert [index.fields for index in model._meta.indexes] == [["history_date", row]]


# Names and sizes.

NO_BUSINESS = {
    "utils",
    "util",
    "helpers",
    "common",
    "core",
    "services",
    "selectors",
    "managers",
    "signals",
    "misc",
    "base",
}


def test_modules_are_named_for_the_business() -> None:
    assert [name(path) for path in MODULES if path.stem in NO_BUSINESS or path.parent.name in NO_BUSINESS] == []


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_a_module_stays_under_300_lines() -> None:
    assert {name(path): lines(path) for path in MODULES if lines(path) > 300} == {}


def test_a_template_stays_under_80_lines() -> None:
    assert {name(path): lines(path) for path in TEMPLATES if lines(path) > 80} == {}


def test_a_fragment_says_what_it_needs() -> None:
    fragments = [path for path in TEMPLATES if path.name.startswith("_") or path.parent.name == "components"]
    openings = ("{#", "{% comment %}")
    assert [name(path) for path in fragments if not path.read_text().lstrip().startswith(openings)] == []


def test_a_template_holds_no_script() -> None:
    inline = re.compile(r"<script(?![^>]*\bsrc=)|\son\w+=|javascript:", re.IGNORECASE)
    assert [name(path) for path in TEMPLATES if inline.search(path.read_text())] == []


def test_nothing_is_left_for_later() -> None:
    later = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    sources = [*MODULES, *TEMPLATES, *(BASE / "static" / "js").glob("*.js")]
    assert [name(path) for path in sources if later.search(path.read_text())] == []


def test_every_module_says_what_it_is() -> None:
    silent = [
        path for path in MODULES if path.name not in {"__init__.py", "apps.py"} and not ast.get_docstring(tree(path))
    ]
    assert [name(path) for path in silent] == []
