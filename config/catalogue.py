"""Message catalogues: what the sources say, what the Chinese file holds, and how the two differ. Plain Babel, no Django."""

import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract as extract_messages
from babel.messages.mofile import write_mo as write_mo_file
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

__all__ = ["Catalog", "extract", "faults", "merge", "name", "read", "translated", "write", "write_mo"]

APPS = ("accounts", "channels", "complaints", "config", "notifications", "reports", "sla")
LOCALE = "zh_Hans"
HEADER = """\
msgid ""
msgstr ""
"Language: zh_Hans\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

"""
_PLURAL, _CONTEXT, _CONTEXT_PLURAL = (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), _PLURAL),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), _CONTEXT),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), _CONTEXT_PLURAL),
}
PLACEHOLDER = re.compile(r"%\([A-Za-z_][A-Za-z0-9_]*\)[a-z]|\{[A-Za-z_][A-Za-z0-9_]*\}|%[sd]")

Key = tuple[str | None, str]  # context, singular
Text = str | list[str] | tuple[str, ...]


def extract(base: Path) -> Catalog:
    """Every message of the Python sources and templates below `base`."""
    catalog = Catalog(locale=LOCALE)
    for source in _sources(base):
        text = source.read_text(encoding="utf-8")
        if source.suffix != ".py":
            # What is left is calls and Xs; their indentation means nothing.
            text = "\n".join(line.strip() for line in templatize(text, origin=str(source)).splitlines())
        found = extract_messages("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
        for _line, message, _comments, context in found:
            known = catalog.get(message if isinstance(message, str) else message[0], context)
            if known is None or not known.pluralizable:
                catalog.add(message, context=context)
    return catalog


def read(path: Path) -> Catalog:
    """The catalogue in a file; an empty one where there is none."""
    if not path.exists():
        return Catalog(locale=LOCALE)
    with path.open("rb") as file:
        return read_po(file, locale=LOCALE, charset="utf-8")


def merge(wanted: Catalog, present: Catalog, handed_in: Mapping[str, str | list[str]], corrected: set[str]) -> Catalog:
    """The wanted messages with the present translations; what is handed in fills gaps, and replaces where corrected."""
    merged = Catalog(locale=LOCALE)
    for message in _messages(wanted):
        old = present.get(_singular(message), message.context)
        handed = name(message) if name(message) in handed_in else None
        if handed and (old is None or not translated(old) or handed in corrected):
            merged.add(message.id, _fitting(message, handed_in[handed]), context=message.context)
        elif old is not None:
            merged.add(message.id, _fitting(message, old.string), context=message.context, flags=old.flags & {"fuzzy"})
        else:
            merged.add(message.id, context=message.context)
    return merged


def faults(wanted: Catalog, present: Catalog) -> list[str]:
    """What keeps the present catalogue from being complete, one sentence each."""
    found = []
    keys = {_key(message) for message in _messages(wanted)}
    found += [f"obsolete: {name(message)}" for message in _messages(present) if _key(message) not in keys]
    for message in _messages(wanted):
        old = present.get(_singular(message), message.context)
        if old is None or old.id != message.id:
            found.append(f"missing: {name(message)}")
        elif not translated(old):
            found.append(f"untranslated: {name(message)}")
        elif old.fuzzy:
            found.append(f"fuzzy: {name(message)}")
        elif _placeholders(message.id) != _placeholders(old.string):
            found.append(f"placeholders differ: {name(message)}")
    return found


def write(catalog: Catalog, path: Path) -> None:
    """Write the file, sorted and without dates and line numbers, so that two people's additions merge."""
    body = io.BytesIO()
    write_po(body, catalog, omit_header=True, no_location=True, sort_output=True, width=0)
    text = HEADER + body.getvalue().decode()
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def write_mo(catalog: Catalog, path: Path) -> None:
    """Write the form that Django reads."""
    with path.open("wb") as file:
        write_mo_file(file, catalog)


def name(message: Message) -> str:
    """How a message is called in the inbox and in reports: `context|singular`, or the singular."""
    return f"{message.context}|{_singular(message)}" if message.context else _singular(message)


def translated(message: Message) -> bool:
    """Whether every form has a text."""
    text = message.string
    return bool(text) if isinstance(text, str) else bool(text and all(text))


def _sources(base: Path) -> Iterator[Path]:
    for app in APPS:
        yield from sorted(base.glob(f"{app}/**/*.py"))
        yield from sorted(base.glob(f"{app}/**/*.html"))
    yield from sorted(base.glob("templates/**/*.html"))
    yield from sorted(base.glob("templates/**/*.txt"))


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _singular(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _key(message: Message) -> Key:
    return message.context, _singular(message)


def _fitting(message: Message, text: Text | None) -> str | tuple[str, ...]:
    """A translation in the form that the message needs: Chinese has one form for any number."""
    first = text if isinstance(text, str) else (text[0] if text else "")
    return (first,) if message.pluralizable else first


def _placeholders(text: Text | None) -> list[str]:
    """The placeholders of the last form, in no order: a singular may do without its number."""
    return sorted(PLACEHOLDER.findall(text if isinstance(text, str) else text[-1] if text else ""))
