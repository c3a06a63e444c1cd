"""`halosync match`: the report's suggestions for any two lists of names."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sync.core.records import Kind
from sync.core.suggest import FLOOR, Entry, match
from sync.core.verdicts import Suggestion
from sync.errors import UsageError
from sync.sources.causes import Trouble
from sync.sources.tabular import ZIP_MARK, Column, Format, Row, read_table

COLUMNS = (
    Column("name", ("name", "nombre", "machinename", "key_field", "inventory_number", "email")),
    Column("id", ("id",), required=False),
    Column("parent", ("parent", "company", "client"), required=False),
    Column("email", ("email",), required=False),
)
HEADERS = frozenset(header for column in COLUMNS for header in column.headers)
STANDARD_INPUT = Path("-")
MOST_ROWS = 2_000_000
_LONGEST_HEADER = 100_000
_AS_TABLE = Format(final_line_break=False, most_rows=MOST_ROWS)


class Matched(NamedTuple):
    """One name of the left list and what it probably is in the right one, best first."""

    id: str
    name: str
    suggestions: tuple[Suggestion, ...]


def match_files(
    lists: tuple[Path, Path],
    kind: Kind,
    *,
    top: int = 3,
    everything: bool = False,
    stdin: BinaryIO | None = None,
) -> list[Matched]:
    """Compare a left and a right list; `-` is read from `stdin`. `everything`: from score 0 on.

    Raises `UsageError` for a list that cannot be read.
    """
    if lists == (STANDARD_INPUT, STANDARD_INPUT):
        raise UsageError("- can stand for one of the two lists only", hint="name a file")
    ours, theirs = (read_names(file, kind, stdin) for file in lists)
    found = match(ours, theirs, kind, top=top, floor=0 if everything else FLOOR)
    return [Matched(e.id, e.name, shown) for e, shown in zip(ours, found, strict=True)]


def read_names(file: Path, kind: Kind, stdin: BinaryIO | None = None) -> list[Entry]:
    """Read a table with a column `name` (`id`, `parent`, `email`), or one name per line.

    Who has no id goes by the number of its row, counted from 1.
    """
    label = "standard input" if file == STANDARD_INPUT else str(file)
    try:
        with _opened(file, stdin) as handle:
            rows = _table(handle) if _is_table(handle) else _lines(handle)
            return [_entry(number, row, kind) for number, row in enumerate(rows, start=1)]
    except Trouble as trouble:
        hint = "a header `id,name`, UTF-8, and quotes around a name that holds a comma"
        raise UsageError(f"{label}: {trouble.detail}", hint=f"it needs {hint}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{label} is not UTF-8 text", hint="save it as CSV UTF-8") from None
    except OSError as error:
        raise UsageError(
            f"{label} cannot be read: {error.strerror}", hint="- reads standard input"
        ) from error


def _opened(file: Path, stdin: BinaryIO | None) -> BinaryIO:
    """Open a list so that it can be looked at more than once."""
    if file == STANDARD_INPUT:
        return BytesIO(stdin.read() if stdin else b"")
    return file.open("rb")


def _is_table(handle: BinaryIO) -> bool:
    """Tell whether the first line names columns; a workbook always has them."""
    first = handle.readline(_LONGEST_HEADER)
    handle.seek(0)
    if first.startswith(ZIP_MARK):
        return True
    text = first.decode("utf-16" if b"\0" in first else "utf-8-sig", errors="replace")
    cells = {cell.strip().strip('"').casefold() for cell in re.split(r"[,;\t]", text)}
    return not cells.isdisjoint(HEADERS)


def _table(handle: BinaryIO) -> Iterator[Row]:
    return read_table(handle, COLUMNS, _AS_TABLE)


def _lines(handle: BinaryIO) -> Iterator[Row]:
    for line in handle.read().decode("utf-8-sig").split("\n"):
        if line.strip():
            yield {"name": line.removesuffix("\r")}


def _entry(number: int, row: Row, kind: Kind) -> Entry:
    name, parent = row["name"], row.get("parent", "")
    address = name if kind is Kind.USER and "@" in name else ""
    return Entry(
        row.get("id") or str(number), name, parent, parent, email=row.get("email") or address
    )
