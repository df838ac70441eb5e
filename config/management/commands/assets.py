"""The front-end libraries, taken out of node_modules into build/assets: one sprite of icons and the files below."""

import re
from argparse import ArgumentParser
from pathlib import Path
from xml.etree import ElementTree

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

VENDOR = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "echarts.min.js": "echarts/dist/echarts.min.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
    "swagger-ui.js": "swagger-ui-dist/swagger-ui-bundle.js",
}
SVG = "{http://www.w3.org/2000/svg}"
SOURCE_MAP = re.compile(rb"\n?(//|/\*)# sourceMappingURL=.*", re.DOTALL)
IN_TEMPLATES = re.compile(r"""\{%\s*icon\s+"([a-z0-9-]+)\"""")
IN_PYTHON = re.compile(r"""\bicon(?:=|"\s*:)\s*"([a-z0-9-]+)"|\bIcon\("([a-z0-9-]+)"\)""")


class Command(BaseCommand):
    """`assets` builds; `assets --check` only says which icons are used but not listed, or listed but unknown."""

    help = "Copies the front-end libraries and builds the icon sprite."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="build nothing; fail when an icon is missing")

    def handle(self, *args: object, **options: object) -> None:
        """Raises CommandError when an icon is missing or npm has not been run."""
        base = Path(settings.BASE_DIR)
        modules = base / "node_modules"
        listed = listed_icons(base / "static" / "icons.txt")
        if missing := sorted(used_icons(base) - set(listed)):
            raise CommandError(f"Used but not in static/icons.txt: {', '.join(missing)}")
        if not modules.is_dir():
            raise CommandError("There is no node_modules; run `make setup`, or npm ci.")
        if unknown := [name for name in listed if not _drawing(modules, name).exists()]:
            raise CommandError(f"In static/icons.txt but not among Tabler's icons: {', '.join(unknown)}")
        if options["check"]:
            return
        target = base / "build" / "assets"
        (target / "vendor").mkdir(parents=True, exist_ok=True)
        for name, source in VENDOR.items():
            (target / "vendor" / name).write_bytes(SOURCE_MAP.sub(b"\n", (modules / source).read_bytes()))
        (target / "icons.svg").write_text(sprite(modules, listed))
        self.stdout.write(f"{len(VENDOR)} libraries and {len(listed)} icons in {target.relative_to(base)}")


def listed_icons(path: Path) -> list[str]:
    """The names in the list, one a line, sorted and once each; `#` begins a comment."""
    lines = (line.partition("#")[0].strip() for line in path.read_text().splitlines())
    return sorted({line for line in lines if line})


def used_icons(base: Path) -> set[str]:
    """The names written out in templates and in Python sources. Names held in variables are not seen."""
    found: set[str] = set()
    for template in base.glob("templates/**/*.html"):
        found.update(IN_TEMPLATES.findall(template.read_text()))
    for app in ("accounts", "channels", "complaints", "config", "notifications", "reports", "sla"):
        for module in base.glob(f"{app}/**/*.py"):
            found.update(one or other for one, other in IN_PYTHON.findall(module.read_text()))
    return found


def sprite(modules: Path, names: list[str]) -> str:
    """One SVG with a symbol for every name; the page's text colour draws it."""
    ElementTree.register_namespace("", SVG[1:-1])
    root = ElementTree.Element(f"{SVG}svg")
    for name in names:
        drawing = ElementTree.parse(_drawing(modules, name)).getroot()  # noqa: S314 - a pinned package of ours
        kept = {key: drawing.attrib[key] for key in drawing.attrib if key not in {"width", "height", "class"}}
        symbol = ElementTree.SubElement(root, f"{SVG}symbol", {"id": name, **kept})
        symbol.extend(shape for shape in drawing if shape.get("d") != "M0 0h24v24H0z")
    for element in root.iter():
        element.text = element.tail = None
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def _drawing(modules: Path, name: str) -> Path:
    style, plain = ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
    return modules / "@tabler" / "icons" / "icons" / style / f"{plain}.svg"
