"""The first sheet of an XLSX file as rows of text; the only reader of spreadsheets in a run.

Values only: no formulas, no links, nothing that unpacks to more than a sane size.
"""

import lzma
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from sync.sources.causes import Cause, Trouble

MOST_PARTS = 2_000
MOST_INFLATED = 256 * 1024 * 1024
MOST_COLUMNS = 500
MOST_EMPTY_ROWS = 1_100_000
"""Excel has fewer rows; a file that numbers one far beyond would keep us counting for ever."""
_ESCAPED = re.compile("_x(00[01][0-9A-F])_", re.IGNORECASE)
"""How XLSX writes control characters, which XML cannot hold (ECMA-376, ST_Xstring).
NOTE: openpyxl hands these on, and takes the mark off a text that only looks like one."""
_BROKEN = (
    zipfile.BadZipFile,
    InvalidFileException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    OSError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    AssertionError,
    ArithmeticError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
"""What openpyxl and what unpacks for it raise for files that are not what they seem."""


def workbook_rows(handle: BinaryIO) -> Iterator[Sequence[str]]:
    """Yield the rows of the first sheet, each as wide as the header."""
    return (cells for _, cells in numbered_rows(handle))


def numbered_rows(handle: BinaryIO) -> Iterator[tuple[int, Sequence[str]]]:
    """The same with the number that a spreadsheet shows beside each row."""
    try:
        _check_size(handle)
        yield from _sheet_rows(handle)
    except _BROKEN as error:
        raise Trouble(
            Cause.FILE_BROKEN, f"not a readable XLSX file ({type(error).__name__})"
        ) from None


def _check_size(handle: BinaryIO) -> None:
    with zipfile.ZipFile(handle) as parts:
        listed = parts.infolist()
        inflated = sum(part.file_size for part in listed)
    handle.seek(0)
    if len(listed) > MOST_PARTS or inflated > MOST_INFLATED:
        raise Trouble(
            Cause.FILE_TOO_BIG, f"unpacks to {inflated // 1024 // 1024} MiB in {len(listed)} parts"
        )


def _sheet_rows(handle: BinaryIO) -> Iterator[tuple[int, Sequence[str]]]:
    with warnings.catch_warnings():
        # Styles and extensions it does not know are no concern of ours.
        warnings.simplefilter("ignore")
        book = load_workbook(handle, read_only=True, data_only=True, keep_links=False)
    try:
        sheet: Any = book.worksheets[0]
        # The size a file declares for its sheet may be a lie of a million rows.
        sheet.reset_dimensions()
        yield from _even(sheet.iter_rows(values_only=True))
    finally:
        book.close()


def _even(rows: Iterator[Sequence[Any]]) -> Iterator[tuple[int, Sequence[str]]]:
    """Pad to the header's width: a sheet stores no trailing empty cells. Wider stays wider."""
    width = None
    empty = 0
    for number, row in enumerate(rows, 1):
        cells = [_text(value) for value in row[:MOST_COLUMNS]]
        while cells and not cells[-1].strip():
            cells.pop()
        empty = 0 if cells else empty + 1
        if empty > MOST_EMPTY_ROWS:
            raise Trouble(Cause.FILE_TOO_BIG, "a sheet with more rows than Excel has")
        if not cells:
            continue
        width = width or len(cells)
        yield number, cells + [""] * (width - len(cells))


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**53:
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), str(value))
