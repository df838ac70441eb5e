"""The Chinese catalogue: what the sources say is found, what is missing is named, what is handed in is taken."""

import gettext
import json
import os
from collections.abc import Mapping
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
TITLE = _("Complaints")
WHEN = pgettext("verb", "Close")
def days(n): return ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
"""
TEMPLATE = """{% load i18n %}
  <p>{% translate "Overdue" %}</p>
    {% blocktranslate count n=n trimmed %}
      one of {{ all }} case
  {% plural %}
      {{ n }} of {{ all }} cases
{% endblocktranslate %}
"""
ALL = {
    "Complaints": "投诉",
    "verb|Close": "结案",
    "%(n)s day": ["%(n)s 天"],
    "Overdue": "逾期",
    "one of %(all)s case": "%(all)s 件中的 %(n)s 件",
}


@pytest.fixture
def base(tmp_path: Path) -> Path:
    (tmp_path / "complaints").mkdir()
    (tmp_path / "complaints" / "words.py").write_text(PYTHON)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text(TEMPLATE)
    (tmp_path / "locale" / "inbox").mkdir(parents=True)
    return tmp_path


def hand_in(base: Path, translations: Mapping[str, object], name: str = "words") -> None:
    (base / "locale" / "inbox" / f"{name}.json").write_text(json.dumps(translations))


def run(base: Path, *options: str) -> str:
    said = StringIO()
    call_command("messages", *options, base=base, stdout=said)
    return said.getvalue()


def faults(base: Path) -> str:
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("messages", "--check", base=base, stdout=said)
    return said.getvalue()


def catalogue(base: Path) -> Path:
    return base / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"


def test_what_was_handed_in_completes_the_catalogue(base: Path) -> None:
    hand_in(base, ALL)
    assert "0 untranslated" in run(base)
    assert run(base, "--check") == ""


def test_a_missing_translation_is_named(base: Path) -> None:
    hand_in(base, {msgid: text for msgid, text in ALL.items() if msgid != "Overdue"})
    assert "Overdue" in run(base)
    assert "untranslated: Overdue" in faults(base)


def test_a_message_new_in_the_sources_is_named(base: Path) -> None:
    hand_in(base, ALL)
    run(base)
    (base / "complaints" / "words.py").write_text(f'{PYTHON}MORE = _("Withdrawn")\n')
    assert "missing: Withdrawn" in faults(base)


def test_a_message_gone_from_the_sources_is_named_then_dropped(base: Path) -> None:
    hand_in(base, ALL)
    run(base)
    (base / "templates" / "page.html").unlink()
    assert "obsolete: Overdue" in faults(base)
    run(base)
    assert "Overdue" not in catalogue(base).read_text()


def test_a_translation_that_loses_a_placeholder_is_named(base: Path) -> None:
    hand_in(base, {**ALL, "%(n)s day": ["几天"]})
    run(base)
    assert "placeholders differ: %(n)s day" in faults(base)


def test_a_fuzzy_translation_is_named(base: Path) -> None:
    hand_in(base, ALL)
    run(base)
    text = catalogue(base).read_text()
    catalogue(base).write_text(text.replace('msgid "Overdue"', '#, fuzzy\nmsgid "Overdue"'))
    assert "fuzzy: Overdue" in faults(base)


def test_a_correction_in_the_catalogue_outlives_what_was_handed_in_before(base: Path) -> None:
    hand_in(base, ALL)
    run(base)
    catalogue(base).write_text(catalogue(base).read_text().replace("逾期", "超期"))
    run(base)
    assert "超期" in catalogue(base).read_text()


def test_a_later_correction_handed_in_replaces_the_catalogues(base: Path) -> None:
    hand_in(base, ALL)
    run(base)
    os.utime(catalogue(base), (0, 0))
    hand_in(base, {"Overdue": "已逾期"}, "wording")
    run(base)
    assert "已逾期" in catalogue(base).read_text()


def test_merging_twice_changes_nothing(base: Path) -> None:
    hand_in(base, ALL)
    run(base)
    before = catalogue(base).read_text()
    run(base)
    assert catalogue(base).read_text() == before


def test_the_compiled_catalogue_speaks_chinese(base: Path) -> None:
    hand_in(base, ALL)
    run(base)
    run(base, "--compile")
    with catalogue(base).with_suffix(".mo").open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert chinese.pgettext("verb", "Close") == "结案"
    assert chinese.ngettext("%(n)s day", "%(n)s days", 3) == "%(n)s 天"
