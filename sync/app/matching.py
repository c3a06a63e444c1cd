"""`halosync match`: the report's suggestions for any two lists of names."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path

from sync.core.records import Kind
from sync.core.suggest import Entry, match
from sync.core.verdicts import Suggestion
from sync.errors import UsageError

NAME_HEADERS = ("name", "nombre", "machinename", "key_field", "inventory_number", "email")
LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Matched:
    """One name of the left list and what it probably is in the right one."""

    name: str
    suggestions: tuple[Suggestion, ...]


def match_files(left: Path, right: Path, kind: str, *, top: int = 3) -> list[Matched]:
    """Compare two files of names: plain lines, or CSV with a header."""
    ours, theirs = read_names(left, kind), read_names(right, kind)
    found = match(ours, theirs, Kind(kind), top=top)
    return [Matched(entry.name, shown) for entry, shown in zip(ours, found, strict=True)]


def read_names(file: Path, kind: str) -> list[Entry]:
    """Read one name per line, or the name (and e-mail, and parent) column of a CSV file."""
    try:
        if file.stat().st_size > LIMIT:
            raise UsageError(f"{file} is larger than {LIMIT >> 20} MB", hint="split it")
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8 text", hint="save it as CSV UTF-8") from None
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error
    rows = _csv_rows(text)
    if rows is None:
        return [Entry(str(n), line) for n, line in enumerate(text.splitlines()) if line.strip()]
    return [_entry(n, row, kind) for n, row in enumerate(rows) if any(row.values())]


def _csv_rows(text: str) -> list[dict[str, str]] | None:
    """The rows of a CSV file by lower-case header; None when the first line is no header."""
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    headers = [part.strip().strip('"').casefold() for part in first.split(delimiter)]
    if not set(headers) & set(NAME_HEADERS):
        return None
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    next(reader)
    return [dict(zip(headers, row, strict=False)) for row in reader]


def _entry(number: int, row: dict[str, str], kind: str) -> Entry:
    name = next((row[header] for header in NAME_HEADERS if row.get(header)), "")
    email = row.get("email", "") or (name if kind == Kind.USER and "@" in name else "")
    parent = row.get("parent", "") or row.get("company", "") or row.get("client", "")
    return Entry(row.get("id") or str(number), name, parent, parent, email=email)
