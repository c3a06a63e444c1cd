"""Reads every sentence out of the source and keeps the Spanish catalogue in step with it.

Run it after adding or changing a sentence; it rewrites the .po (keeping what is translated),
lists what is missing, and compiles the .mo:

    .venv/bin/python tests/sync/catalogue.py
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
SPANISH = ROOT / "sync/locale/es/LC_MESSAGES/halosync.po"
DATED = datetime(2026, 11, 23, tzinfo=UTC)  # fixed: a new date alone is no change
KEYWORDS = {
    "N_": None,
    "_": None,
    "gettext": None,
    "say": None,
    "ngettext": (1, 2),
    "Several": (1, 2),
    "many": (1, 2),
}
METHODS = [("**.py", "python"), ("**.j2", "jinja2.ext:babel_extract")]


def sentences() -> Catalog:
    """Every sentence the two packages can say."""
    catalogue = Catalog(project="halosync", charset="utf-8")
    for package in ("sync", "reports"):
        found = extract_from_dir(ROOT / package, METHODS, keywords=KEYWORDS)
        for name, line, message, _, context in found:
            catalogue.add(message, locations=[(f"{package}/{name}", line)], context=context)
    return catalogue


def spanish() -> Catalog:
    with SPANISH.open("rb") as file:
        return read_po(file, locale="es", domain="halosync")


def compiled(catalogue: Catalog) -> bytes:
    held = io.BytesIO()
    write_mo(held, catalogue)
    return held.getvalue()


def refresh() -> list[str]:
    """Bring the .po and .mo up to date; return the sentences that lack a translation."""
    catalogue = spanish()
    catalogue.update(sentences(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.creation_date = catalogue.revision_date = DATED
    with SPANISH.open("wb") as file:
        write_po(file, catalogue, width=98, no_location=True, sort_output=True, omit_header=False)
    SPANISH.with_suffix(".mo").write_bytes(compiled(spanish()))
    return [str(message.id) for message in catalogue if message.id and not all_there(message)]


def all_there(message) -> bool:
    texts = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(texts) and all(texts)


if __name__ == "__main__":
    for missing in refresh():
        print("not translated:", missing)
