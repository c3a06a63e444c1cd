"""The report of a night with 50,000 open rows: bytes, first paint, and the workbook cell by cell.

Called by `make bench-night`; alone: `python -m tests.bench.many_rows`.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from io import BytesIO
from itertools import zip_longest
from pathlib import Path
from xml.etree import ElementTree as ET

from reports.exports import findings_xlsx
from reports.exports.tables import Cell, flat
from reports.preview import samples
from reports.render import LIMIT_BYTES, mail_html, page_html
from reports.view import View, view
from reports.view.lists import lists
from sync.core.records import Kind
from sync.words import Words, speak
from tests.bench.memory import forget_peak, peak_mb, resident_mb

ROWS = 50_000
PAINT_MS = 1_000
GROWTH_MB = 32
"""The most by which writing the workbook may enlarge the process, whatever the number of rows."""
OPENED = 5
BROWSER = Path(__file__).parent.parent / "browser"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Watch:
    """How long something took, and how much of that it computed: other work may run beside it."""

    def __init__(self) -> None:
        self.started, self.computed = time.perf_counter(), time.process_time()

    def __str__(self) -> str:
        wall = time.perf_counter() - self.started
        return f"{wall:.1f} s ({time.process_time() - self.computed:.1f} s of processor)"


def measure(rows: int) -> bool:
    """Print the figures of one report; whether each keeps its limit."""
    words = speak("en")
    seen = view(samples.huge(rows), words)
    print(f"\nthe report of {rows:,} open rows")
    # The workbook first: what mail and page leave behind would hide how much it takes.
    kept = [_workbook(seen, words), _mail(seen), _page(seen)]
    return all(kept)


def _mail(seen: View) -> bool:
    watch = Watch()
    size = len(mail_html(seen).encode())
    return _told("HTML mail", f"{size:,} bytes in {watch} (limit {LIMIT_BYTES:,})",
                 kept=size <= LIMIT_BYTES)  # fmt: skip


def _page(seen: View) -> bool:
    watch = Watch()
    page = page_html(seen).encode()
    _told("archive page", f"{len(page):,} bytes in {watch}")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "index.html")
        file.write_bytes(page)
        times = first_paints(file)
    if not times:
        print("first paint: not measured (no Chromium)")
        return True
    said = f"median {statistics.median(times)} ms, worst {max(times)} ms of {len(times)}"
    return _told("first paint", f"{said} (limit {PAINT_MS:,} ms)", kept=max(times) < PAINT_MS)


def first_paints(page: Path) -> list[int]:
    """Open the page in headless Chromium, each time afresh; empty where there is none."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not (chromium and shutil.which("node") and shutil.which("npm")):
        return []
    if subprocess.run(["sh", BROWSER / "packages.sh"], check=False, stdout=sys.stderr).returncode:
        return []  # no registry to be reached
    command = ["node", BROWSER / "paint.mjs", page, chromium, str(OPENED)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [int(line) for line in told.split()]


def _workbook(seen: View, words: Words) -> bool:
    forget_peak()
    before, watch = resident_mb(), Watch()
    book = findings_xlsx(seen)
    grown = peak_mb() - before
    said = f"{len(book):,} bytes in {watch}, memory grew by {grown:.0f} MB"
    small = _told("workbook", f"{said} (limit {GROWTH_MB} MB)", kept=grown <= GROWTH_MB)
    watch = Watch()
    cells, wrong = read_back(book, seen, words)
    said = f"{cells:,} cells read back in {watch}, {wrong} differ"
    return _told("", said, kept=cells > 0 and not wrong) and small


def read_back(book: bytes, seen: View, words: Words) -> tuple[int, int]:
    """Compare each cell of the findings with what should stand there: (cells, differences)."""
    cells = wrong = 0
    with zipfile.ZipFile(BytesIO(book)) as archive:
        sheets = _sheets(archive)
        for kind in Kind:
            wanted = _wanted(seen, words, kind)
            name = sheets.get(words.kinds(kind))
            found = rows_of(archive, name) if name else iter(())
            next(found, None)  # the headings
            for row, written in zip_longest(wanted, found, fillvalue={}):
                cells += len(row)
                wrong += sum(row.get(c) != written.get(c) for c in row.keys() | written.keys())
    return cells, wrong


def _wanted(seen: View, words: Words, kind: Kind) -> Iterator[dict[int, Cell]]:
    for _, title, rows in lists(seen, words):
        for row in rows:
            if row.finding.kind is kind:
                cells = enumerate(flat(row, title, words))
                yield {place: cell for place, cell in cells if cell not in {"", None}}


def _sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Each sheet's file by its name."""
    targets = {
        rel.get("Id"): rel.get("Target")
        for rel in ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    book = ET.fromstring(archive.read("xl/workbook.xml"))
    return {
        str(sheet.get("name")): f"xl/{targets[sheet.get(_REL)]}"
        for sheet in book.iter(f"{_SHEET}sheet")
    }


def rows_of(archive: zipfile.ZipFile, sheet: str) -> Iterator[dict[int, Cell]]:
    """Stream a sheet's rows as {column: value}: texts that stand in the cell itself, numbers."""
    with archive.open(sheet) as xml:
        for _, element in ET.iterparse(xml):
            if element.tag == f"{_SHEET}row":
                yield {_column(str(c.get("r"))): _value(c) for c in element}
                element.clear()


def _column(place: str) -> int:
    number = 0
    for letter in place.rstrip("0123456789"):
        number = number * 26 + ord(letter) - 64
    return number - 1


def _value(cell: ET.Element) -> Cell:
    if cell.get("t") == "inlineStr":
        return "".join(cell.itertext())
    return float(cell.findtext(f"{_SHEET}v", "nan"))


def _told(what: str, said: str, *, kept: bool = True) -> bool:
    print(f"{what:14}{said}{'' if kept else '   TOO MUCH'}", flush=True)
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    return 0 if measure(parser.parse_args().rows) else 1


if __name__ == "__main__":
    sys.exit(main())
