"""Reads a table from CSV or XLSX by its headers, strictly: a table that is off is no table.

Cells stay text exactly as they stand: `NA`, `00123` and `TRUE` are names like any other.
"""

import codecs
import csv
import io
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from sync.sources.causes import Cause, Trouble

DELIMITERS = (";", "\t", ",")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ZIP_MARK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Column:
    """One column we want, and the headers that may stand over it; the first one found is taken."""

    key: str
    headers: tuple[str, ...]
    required: bool = True


@dataclass(frozen=True, slots=True)
class Format:
    """How a text file is written, as far as the file does not say so itself."""

    encoding: str = "utf-8"
    final_line_break: bool = True
    """Refuse a file whose last line has no end: it may have been cut off inside its last cell."""
    most_rows: int = 200_000


Cells = Sequence[str]
Row = Mapping[str, str]


def read_table(handle: BinaryIO, columns: Sequence[Column], form: Format) -> Iterator[Row]:
    """Yield each row's wanted cells. Raises `Trouble` for the table as a whole."""
    mark = handle.read(4)
    handle.seek(0)
    if mark == ZIP_MARK:
        # openpyxl is slow to import and most users files are CSV.
        from sync.sources.workbook import workbook_rows  # noqa: PLC0415

        return _rows(workbook_rows(handle), columns, form.most_rows)
    return _text_rows(handle, mark, columns, form)


def _text_rows(
    handle: BinaryIO, mark: bytes, columns: Sequence[Column], form: Format
) -> Iterator[Row]:
    encoding = next((name for bom, name in _MARKS if mark.startswith(bom)), form.encoding)
    if form.final_line_break:
        _check_end(handle, encoding, mark)
    text = io.TextIOWrapper(handle, encoding, errors="strict", newline="")
    try:
        yield from _rows(_cells(text, columns), columns, form.most_rows)
    except UnicodeError:
        raise Trouble(Cause.FILE_ENCODING, f"not {encoding.removesuffix('-sig')} text") from None
    except csv.Error as error:
        raise Trouble(Cause.FILE_BROKEN, f"not a CSV file: {error}") from None
    finally:
        text.detach()  # the file was only lent to us


def _check_end(handle: BinaryIO, encoding: str, mark: bytes) -> None:
    plain = {"utf-8-sig": "utf-8", "utf-32": "utf-32-le"}.get(encoding, encoding)
    if encoding == "utf-16":
        plain = "utf-16-le" if mark.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
    ends = ("\n".encode(plain), "\r".encode(plain))
    size = handle.seek(0, os.SEEK_END)
    handle.seek(max(0, size - 4))
    tail = handle.read(4)
    handle.seek(0)
    if size and not tail.endswith(ends):
        if 0 in tail and len(ends[0]) == 1:
            raise Trouble(Cause.FILE_ENCODING, "zero bytes at its end: UTF-16 without a mark?")
        raise Trouble(Cause.FILE_CUT, "the last line has no line break at its end")


def _cells(text: io.TextIOWrapper, columns: Sequence[Column]) -> Iterator[Cells]:
    """Split the lines, by the delimiter that makes sense of the header."""
    header = text.readline()
    if header.lower().startswith("sep=") and len(header.rstrip("\r\n")) == 5:
        header = text.readline()
    if "\0" in header:
        raise Trouble(Cause.FILE_ENCODING, "the header holds zero bytes: UTF-16 without a mark?")
    delimiter = max(DELIMITERS, key=lambda d: _recognised(_split(header, d), columns))
    yield _split(header, delimiter)
    yield from csv.reader(text, delimiter=delimiter, strict=True)


def _split(line: str, delimiter: str) -> Cells:
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return [line]


def _recognised(header: Cells, columns: Sequence[Column]) -> tuple[int, int]:
    here = {_plain(cell) for cell in header}
    known = sum(any(_plain(h) in here for h in column.headers) for column in columns)
    return known, len(header)


def _rows(table: Iterator[Cells], columns: Sequence[Column], most: int) -> Iterator[Row]:
    header = next(table, [])
    places = _places(header, columns)
    for number, cells in enumerate(table, start=2):
        if number > most:
            raise Trouble(Cause.FILE_TOO_BIG, f"more than {most} rows")
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            raise Trouble(
                Cause.FILE_WIDTH,
                f"row {number} has {len(cells)} cells, the header {len(header)}",
            )
        yield {key: cells[place] for key, place in places.items()}


def _places(header: Cells, columns: Sequence[Column]) -> dict[str, int]:
    """Find each wanted column; say what was found and what was expected where one is missing."""
    here = [_plain(cell) for cell in header]
    places, lacking = {}, []
    for column in columns:
        alias = next((h for h in map(_plain, column.headers) if h in here), None)
        if alias is None:
            if column.required:
                lacking.append(" or ".join(column.headers))
            continue
        if here.count(alias) > 1:
            raise Trouble(Cause.FILE_HEADERS, f"the header {alias!r} stands there twice")
        places[column.key] = here.index(alias)
    if lacking:
        found = ", ".join(c.strip()[:40] for c in header[:20]) or "nothing"
        raise Trouble(Cause.FILE_HEADERS, f"expected {'; '.join(lacking)}; found {found}")
    return places


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold()
