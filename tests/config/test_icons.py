"""Icons: every one that is used is listed, and the tag draws it for eyes or for ears."""

from pathlib import Path

import pytest
from django.conf import settings as product
from django.core.management import CommandError, call_command
from django.template import Context, Template
from pytest_django.fixtures import Settings

from config.management.commands.assets import listed_icons, sprite, used_icons

BELL = """<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" fill="none" class="icon">
  <path stroke="none" d="M0 0h24v24H0z" fill="none" />
  <path d="M10 5a2 2 0 1 1 4 0" />
</svg>"""


def drawn(source: str) -> str:
    return Template("{% load icons %}" + source).render(Context({"name": "x"}))


def test_an_icon_beside_words_is_silent() -> None:
    assert drawn('{% icon "bell" %}') == '<svg class="ti" aria-hidden="true"><use href="/static/icons.svg#bell"/></svg>'


def test_an_icon_alone_says_its_label_escaped() -> None:
    assert 'role="img" aria-label="a &lt;b&gt;"' in drawn('{% icon name "a <b>" %}')


def test_every_icon_in_templates_and_sources_is_listed() -> None:
    base = Path(product.BASE_DIR)
    assert used_icons(base) - set(listed_icons(base / "static" / "icons.txt")) == set()


def test_the_sprite_holds_shapes_without_the_frame(tmp_path: Path) -> None:
    folder = tmp_path / "@tabler" / "icons" / "icons" / "outline"
    folder.mkdir(parents=True)
    (folder / "bell.svg").write_text(BELL)
    drawing = sprite(tmp_path, ["bell"])
    assert '<symbol id="bell" viewBox="0 0 24 24" fill="none"><path d="M10 5a2 2 0 1 1 4 0"' in drawing
    assert "M0 0h24" not in drawing


def test_a_used_but_unlisted_icon_stops_the_build(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "icons.txt").write_text("bell\n")
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "page.html").write_text('{% icon "alarm" %}')
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match=r"not in static/icons\.txt: alarm"):
        call_command("assets", "--check")
