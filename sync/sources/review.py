"""Reads a review sheet back: each row with its number, each cell under its heading's key."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from sync.errors import UsageError
from sync.sources.causes import Trouble
from sync.sources.workbook import numbered_rows


@dataclass(frozen=True, slots=True)
class SheetRow:
    number: int
    """As the spreadsheet shows it."""
    cells: Mapping[str, str]


def read_sheet(file: Path, headings: Mapping[str, tuple[str, ...]]) -> list[SheetRow]:
    """Read the first sheet; `headings` gives, by key, every heading that may stand there."""
    try:
        with file.open("rb") as handle:
            return list(_rows(file, handle, headings))
    except Trouble as trouble:
        raise UsageError(
            f"{file}: {trouble}", hint="import the .xlsx file that `review export` wrote"
        ) from trouble
    except OSError as error:
        raise UsageError(f"{file} cannot be read: {error.strerror}") from error


def _rows(
    file: Path, handle: BinaryIO, headings: Mapping[str, tuple[str, ...]]
) -> Iterator[SheetRow]:
    table = numbered_rows(handle)
    _, header = next(table, (0, ()))
    here = [" ".join(cell.split()).casefold() for cell in header]
    places: dict[str, int] = {}
    for key, names in headings.items():
        for name in names:
            with suppress(ValueError):
                places.setdefault(key, here.index(name.casefold()))
    lacking = [names[0] for key, names in headings.items() if key not in places]
    if lacking:
        raise UsageError(
            f"{file} lacks the columns {', '.join(lacking)}",
            hint="import the sheet that `halosync review export` wrote, headings untouched",
        )
    for number, cells in table:
        yield SheetRow(number, {key: cells[place].strip() for key, place in places.items()})
