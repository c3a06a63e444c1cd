"""Walks a list page by page and keeps count of everything that must add up afterwards."""

from collections import Counter
from collections.abc import Callable, KeysView, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import lt
from typing import Any

from sync.core.records import AeRecord, Collection, HaloRecord
from sync.sources.causes import Cause, Trouble
from sync.sources.pages import Page, Row
from sync.sources.rows import RowFault, RowReader, id_of

MOST_ROWS = 1_000_000
MOST_PAGES = MOST_ROWS // 50
"""Halo's smallest page holds 50; a list that is longer than this has no end."""
USUAL_CAPS = {50, 100}
"""A bare array of exactly so many rows may be a silently capped one."""

Progress = Callable[[Collection, int, int | None], None]
"""(collection, rows so far, declared total if any), called after each page."""


@dataclass(slots=True)
class Tally:
    """What one pass over a list saw."""

    rows: dict[str, AeRecord | HaloRecord | None] = field(default_factory=dict)
    """Every row's record by id; None = left out on purpose, or rejected."""
    rejected: Counter[str] = field(default_factory=Counter)
    totals: list[int] = field(default_factory=list)
    """The total of each non-empty page; past the end both systems declare 0."""
    pages: int = 0
    received: int = 0
    duplicate: int = 0
    left_out: int = 0
    undeclared: bool = False
    """A page declared no sensible total although its kind of answer has one."""
    bare: bool = False
    repeated: bool = False
    """One and the same page held an id twice."""
    numbered: bool = True
    """Ids are numbers and were asked for in their order (Halo)."""
    ordered: bool = True
    flaw: tuple[Cause, str] | None = None
    """Why the walk stopped before its end."""
    last_id: int | None = None

    @property
    def seen(self) -> KeysView[str]:
        """Ids of all rows: stored, left out on purpose, rejected."""
        return self.rows.keys()

    def records(self) -> list[AeRecord | HaloRecord]:
        """Give what came of the rows, in the order of their coming."""
        return [record for record in self.rows.values() if record is not None]

    @property
    def total(self) -> int | None:
        return self.totals[-1] if self.totals else None

    def take(self, page: Page, reader: RowReader[Any]) -> list[str]:
        """Count one page in; its ids, in order."""
        self.pages += 1
        self.received += len(page.rows)
        self.bare = self.bare or page.bare
        if not page.bare and (page.rows or self.pages == 1):
            if page.total is None:
                self.undeclared = True
            else:
                self.totals.append(page.total)
        ids = self._at_once(page, reader)
        if ids is None:
            ids = [self._row(row, reader) for row in page.rows]
            self.repeated = self.repeated or len(set(ids)) < len(ids)
        return ids

    def _at_once(self, page: Page, reader: RowReader[Any]) -> list[str] | None:
        """Count in a page on which nothing is odd, as on most; None = look at each of its rows.

        Odd is a row at fault, and an id that came before.
        """
        if not page.plain:
            return None
        try:
            found = reader.at_once(page.rows)
        except RowFault:
            return None
        if len(found) < len(page.rows) or not self.seen.isdisjoint(found):
            return None
        ids = list(found)
        if self.numbered:
            self._note_order(ids)
        self.left_out += len([record for record in found.values() if record is None])
        self.rows.update(found)
        return ids

    def _row(self, row: Row, reader: RowReader[Any]) -> str:
        try:
            row_id, record = reader.read(row)
        except RowFault as fault:
            return self._reject(id_of(row), fault)
        if self.numbered:
            self._note_order([row_id])
        if row_id in self.seen:
            self.duplicate += 1
        elif record is None:
            self.left_out += 1
        self._keep(row_id, record)
        return row_id

    def _reject(self, row_id: str, fault: RowFault) -> str:
        if row_id in self.seen:
            self.duplicate += 1
        else:
            self.rejected[str(fault)] += 1
        self._keep(row_id, None)
        return row_id

    def _keep(self, row_id: str, record: AeRecord | HaloRecord | None) -> None:
        """Keep the later of two records; a row without one takes no other's away."""
        if record is not None or row_id not in self.rows:
            self.rows[row_id] = record

    def _note_order(self, row_ids: Sequence[str]) -> None:
        try:
            numbers = [*map(int, row_ids)]
        except ValueError:  # one without a number is no break of the order
            numbers = [int(row_id) for row_id in row_ids if row_id.removeprefix("-").isdecimal()]
        if self.last_id is not None:
            numbers.insert(0, self.last_id)
        self.ordered = self.ordered and all(map(lt, numbers, numbers[1:]))
        if numbers:
            self.last_id = numbers[-1]


Fetch = Callable[[int, int], tuple[Page, datetime]]
"""(page number from 1, rows received so far) -> the page and the server's time."""


@dataclass(slots=True)
class Walk:
    """One pass: how to ask, how to read, when enough is enough."""

    collection: Collection
    fetch: Fetch
    reader: RowReader[Any]
    page_size: int
    count_rows: bool = False
    """Enough when as many rows as declared came (AutoElevate), not as many ids (Halo)."""
    progress: Progress | None = None
    on_total: Callable[[int], None] | None = None
    """Told the first declared total: to plan the waits it will cost."""
    times: list[datetime] = field(default_factory=list)

    def run(self, tally: Tally) -> None:
        """Fill the tally. On `Trouble` it holds what came before."""
        tally.numbered = not self.count_rows
        first: list[str] = []
        while tally.flaw is None:
            before = len(tally.seen)
            page, at = self._page(tally)
            self.times.append(at)
            ids = tally.take(page, self.reader)
            self._tell(tally)
            fresh = len(tally.seen) > before
            if not page.rows or (page.bare and self._whole_array(page, fresh=fresh)):
                return
            if not fresh:
                tally.flaw = _stuck(ids, first)
            elif self._enough(tally):
                return
            elif tally.pages >= MOST_PAGES or tally.received >= MOST_ROWS:
                tally.flaw = (Cause.PAGES_TOO_MANY, f"gave up after {tally.received} rows")
            first = first or ids

    def _page(self, tally: Tally) -> tuple[Page, datetime]:
        """Fetch the next page; a trouble says which one it was."""
        number = tally.pages + 1
        try:
            return self.fetch(number, tally.received)
        except Trouble as trouble:
            detail = f"page {number}: {trouble.detail}"
            raise Trouble(trouble.cause, detail, trouble.at) from trouble

    def _tell(self, tally: Tally) -> None:
        if tally.pages == 1 and tally.total and self.on_total:
            self.on_total(tally.total)
        if self.progress:
            self.progress(self.collection, len(tally.seen), tally.total)

    def _whole_array(self, page: Page, *, fresh: bool) -> bool:
        """Whether a bare array ends the list: it repeats itself, or has no page's round number."""
        return not fresh or len(page.rows) not in USUAL_CAPS | {self.page_size}

    def _enough(self, tally: Tally) -> bool:
        have = tally.received if self.count_rows else len(tally.seen)
        if tally.undeclared or tally.bare or tally.total is None:
            return False
        return have >= tally.total


def _stuck(ids: list[str], first: list[str]) -> tuple[Cause, str]:
    if set(ids) == set(first):
        return Cause.PAGING_IGNORED, "the second page is the first one again"
    return Cause.ROWS_REPEATED, "a page held only rows that had come before"


def run_all(walks: list[Walk], tally: Tally) -> None:
    """Run several walks that make up one list (Halo's assets by type) as if they were one."""
    for walk in walks:
        part = Tally()
        try:
            walk.run(part)
        finally:
            _add(tally, part)
        if tally.flaw:
            return


def _add(tally: Tally, part: Tally) -> None:
    again = tally.seen & part.seen
    tally.duplicate += part.duplicate + len(again)
    before = {row_id: tally.rows[row_id] for row_id in again if part.rows[row_id] is None}
    tally.rows.update(part.rows)
    tally.rows.update(before)
    tally.rejected.update(part.rejected)
    tally.pages += part.pages
    tally.received += part.received
    tally.left_out += part.left_out
    tally.undeclared = tally.undeclared or part.undeclared
    tally.bare = tally.bare or part.bare
    tally.repeated = tally.repeated or part.repeated
    tally.ordered = tally.ordered and part.ordered
    tally.flaw = tally.flaw or part.flaw
    if not tally.totals:
        tally.totals = list(part.totals)
    elif part.totals:
        # Constant inside each walk = constant in the sum; any movement inside one shows.
        base = tally.totals[-1]
        tally.totals = [t + part.totals[0] for t in tally.totals] + [base + t for t in part.totals]
