"""Reads printed names back with the standard library and says what became of them.

What is plain text everywhere else (HTML, text, log, terminal) is compared with the same print of
tame names; formats that quote or escape are read by their own reader.
"""

import csv
import email
import email.policy
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from reports.deliver import reveal, stage
from tests.reliability.benches.bench import memory_folder
from tests.reliability.hostile import sinks
from tests.reliability.hostile.legible import (
    KEPT,
    Events,
    Wrong,
    letters,
    missing,
    same,
    same_page,
    unseen,
)
from tests.reliability.hostile.names import tame

FILES = {
    "index.html", "report.html", "findings.csv", "findings.xlsx", "report.json", "night.json",
    "mail.eml",
}  # fmt: skip
HEADERS = {
    "subject", "from", "to", "date", "message-id", "auto-submitted", "x-auto-response-suppress",
    "mime-version", "content-type",
}  # fmt: skip
FORMULA = re.compile("\\s*[=+\\-@\uff1d\uff0b\uff0d\uff20]|[ ]*[\t\r\n]")
XML_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


class Prints:
    """A handful of names and what became of them, each print made when it is first looked at."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names

    @cached_property
    def wild(self) -> sinks.Printed:
        return sinks.printed(self.names)

    @cached_property
    def tame(self) -> sinks.Printed:
        return sinks.printed([tame(name) for name in self.names])

    @cached_property
    def written(self) -> sinks.Written:
        return sinks.written(self.names)


def html_mail(prints: Prints) -> Wrong:
    yield from same_page(prints.wild.mail, prints.tame.mail)
    yield from missing(prints.names, Events(prints.wild.mail).isolated)


def archive_page(prints: Prints) -> Wrong:
    yield from same_page(prints.wild.page, prints.tame.page)
    wild = Events(prints.wild.page)
    yield from missing(prints.names, wild.isolated)
    packed = json.loads(wild.scripts[0])
    yield from unseen(" ".join(_strings(packed)), "the page's data")
    yield from missing(prints.names, {row[0] for row in packed["lists"]["open"]})


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _strings(part)


def plain_text(prints: Prints) -> Wrong:
    yield from same(prints.wild.text.split("\n"), prints.tame.text.split("\n"))
    yield from unseen(prints.wild.text, "the text")
    shown = letters(prints.wild.text)
    yield from (f"{n[:60]!r} is not in it" for n in prints.names if letters(n[:KEPT]) not in shown)


def csv_table(prints: Prints) -> Wrong:
    content = prints.written.edition.files["findings.csv"].decode("utf-8-sig")
    headings, *rows = csv.reader(io.StringIO(content, newline=""))
    yield from unseen(content.replace("\r\n", "\n"), "the table")
    if {len(row) for row in rows} != {len(headings)}:
        yield "rows have more or fewer cells than the heading"
    cells = (cell for row in rows for cell in row)
    yield from (f"a formula: {cell[:60]!r}" for cell in cells if FORMULA.match(cell))
    at = headings.index("In AutoElevate")
    named = {row[at] for row in rows}
    yield from missing(prints.names, named | {name.removeprefix("'") for name in named})


def workbook(prints: Prints) -> Wrong:
    book = prints.written.edition.files["findings.xlsx"]
    shown: set[str] = set()
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        for part in archive.namelist():
            if not re.fullmatch(r"[\[\]\w./-]+", part) or "external" in part.casefold():
                yield f"the part {part!r}"
            yield from _part(part, ET.fromstring(archive.read(part)), shown)
    yield from unseen("\n".join(shown), "the workbook")
    yield from missing(prints.names, shown)


def _part(part: str, root: ET.Element, shown: set[str]) -> Wrong:
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if tag in {"f", "hyperlink", "hyperlinks", "oleObject", "ddeLink", "externalReference"}:
            yield f"{part} has <{tag}>"
        if element.get("TargetMode") == "External":
            yield f"{part} leads to {element.get('Target')!r}"
        if tag == "c":
            if element.get("t", "n") not in {"n", "inlineStr", "s"}:
                yield f"{part} has a cell of type {element.get('t')}"
            shown.add(_excel("".join(element.itertext())))


def _excel(text: str) -> str:
    """What Excel shows: it takes _x000D_ for the character of that number."""
    return XML_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)


def json_report(prints: Prints) -> Wrong:
    content = prints.written.edition.files["report.json"]
    if not content.isascii() or re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", content):
        yield "holds other than printable ASCII"
    named = {found["name"] for found in json.loads(content)["findings"]}
    yield from (
        f"{name[:60]!r} is not in it" for name in map(_joined, prints.names) if name not in named
    )


def _joined(name: str) -> str:
    """The name as JSON gives it back: two halves of a letter that met are that letter."""
    return name.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def log_lines(prints: Prints) -> Wrong:
    yield from same(prints.wild.log.split("\n"), prints.tame.log.split("\n"))
    yield from _lines(prints.wild.log, prints.names)
    lines = prints.written.log_json
    told = [json.loads(line)["message"] for line in lines.splitlines()]
    yield from _lines("".join(f"{message}\n" for message in told), prints.names)
    yield from unseen(lines, "the JSON log")
    lines.encode()


def _lines(text: str, names: Sequence[str]) -> Wrong:
    lines = text.splitlines()
    if len(lines) != len(names):
        yield f"{len(lines)} lines for {len(names)} messages"
    yield from unseen(text, "the log")
    text.encode()
    for name, line in zip(names, lines, strict=False):
        if letters(name) not in letters(line):
            yield f"{name[:60]!r} is not in its line"


def subject(prints: Prints) -> Wrong:
    for letter in prints.written.edition.letters:
        for body in filter(None, (letter.body, letter.reduced)):
            sent = email.message_from_bytes(body, policy=email.policy.default)
            yield from _headers(sent)
            if not str(sent["Subject"]).startswith("halosync 2026-11-23: "):
                yield f"the subject is {sent['Subject']!r}"
            if sent["To"] != "admin@msp.example":
                yield f"it goes to {sent['To']}"
    for name, body in zip(prints.names, prints.written.subjects, strict=True):
        sent = email.message_from_bytes(body, policy=email.policy.default)
        yield from _headers(sent)
        if letters(name[: sinks.LONGEST_SUBJECT]) not in letters(str(sent["Subject"])):
            yield f"{name[:60]!r} is not in its subject {str(sent['Subject'])[:90]!r}"


def _headers(sent: Any) -> Wrong:
    if extra := {key.casefold() for key in sent} - HEADERS:
        yield f"headers of its own: {extra}"
    if len(sent.keys()) != len({key.casefold() for key in sent}):
        yield "a header twice"
    for key, value in sent.items():
        yield from unseen(str(value), key)


def file_name(prints: Prints) -> Wrong:
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        stage(prints.written.edition, Path(folder), 1)
        reveal(Path(folder), 1)
        found = {str(path.relative_to(folder)) for path in Path(folder).rglob("*")}
    wanted = {"index.html", "000001", *(f"000001/{name}" for name in FILES)}
    if found != wanted:
        yield f"other files: {found ^ wanted}"
    for letter in prints.written.edition.letters:
        sent = email.message_from_bytes(letter.body, policy=email.policy.default)
        attached = [part.get_filename() for part in sent.iter_attachments()]
        if attached != ["findings.xlsx", "findings.csv"]:
            yield f"attached are {attached}"


def command_line(prints: Prints) -> Wrong:
    yield from same(prints.wild.terminal.split("\n"), prints.tame.terminal.split("\n"))
    yield from unseen(prints.wild.terminal, "the terminal")
    shown = letters(prints.wild.terminal)
    yield from (f"{n[:60]!r} is not in it" for n in prints.names if letters(n) not in shown)
    documents = prints.written.terminal_json
    yield from unseen(documents, "the documents")
    told = [json.loads(line) for line in documents.splitlines()]
    named = {row["name"] for row in told[0]["names"]}
    yield from (
        f"{name[:60]!r} is not in it" for name in map(_joined, prints.names) if name not in named
    )


SINKS: dict[str, Callable[[Prints], Wrong]] = {
    "HTML mail": html_mail,
    "archive page": archive_page,
    "plain text": plain_text,
    "CSV": csv_table,
    "XLSX": workbook,
    "JSON": json_report,
    "log": log_lines,
    "Subject": subject,
    "file name": file_name,
    "terminal": command_line,
}
