"""G13: the technicians' file is read exactly as it stands or refused; cut, garbled or hard to spell.

What a file says is known from the generator and from a second reading of its bytes by other code
(`plain_csv`). The two readers must agree: on what is no table, on every row, on every cell.
"""

import csv
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from sync.core.pulls import Pull
from sync.sources import tabular
from tests.reliability.benches.bench import memory_folder, replaced
from tests.reliability.files.plain_csv import read_plainly
from tests.reliability.files.users_files import (
    DELIMITERS,
    ENCODINGS,
    NAMED,
    NAMES,
    Written,
    configured,
    csv_file,
    damaged,
    people,
    some_file,
    storable,
    xlsx_file,
)
from tests.reliability.tally import Tally, Tier
from tests.sync.sources.users_file import put, read

TRIALS = {"push": (300, 400), "release": (2_000, 3_000), "nightly": (20_000, 30_000)}
"""Cuts, mutations; the 18 ways to write a file and the 20 names are always all tried."""
ONE_IN = 8
"""So many of the files are spreadsheets."""
SIZES = (8, 8, 8, 8, 8, 130)
"""In a large file one bad row is set aside; in a small one it costs the file."""


def run(tier: Tier, seed: int) -> Tally:
    tally, seen = Tally(), Counter[str]()
    cuts, mutations = TRIALS[tier]
    with tempfile.TemporaryDirectory(prefix="halosync-users-", dir=memory_folder()) as name:
        folder = Path(name)
        _cut(tally, seen, folder, seed, cuts)
        _mutate(tally, seen, folder, seed, mutations)
        _write_every_way(tally, folder, seed)
        _spell(tally, seen, folder)
    tally.notes = dict(seen)
    return tally


def sabotage(seed: int) -> Tally:
    """Let go of one guard after the other; each must be missed."""
    missed = [
        _without("_check_end", lambda *_: None, _cut, seed),
        _without("_rows", _rows_of_any_width, _mutate, seed),
        _without("csv", _Lenient, _cut, seed),
    ]
    tally = Tally(trials=sum(each.trials for each in missed))
    if all(each.violations for each in missed):
        tally.broken(*(what for each in missed for what in each.violations))
    return tally


def _cut(tally: Tally, seen: Counter[str], folder: Path, seed: int, count: int) -> None:
    """A file that lost its end is refused, save where a row ends: there nobody can know (#47)."""
    for number in range(count):
        rng = Random(f"{seed}/cut/{number}")
        file = _some_file(rng, number)
        length = _length(file.content, rng)
        tally.trials += 1
        believed, found = _judged(folder, file, file.content[:length])
        if believed and length not in file.ends:
            found.append(f"believed at {length} of {len(file.content)} bytes")
        seen["cuts-at-row-ends"] += length in file.ends
        tally.broken(*(f"cut {number} ({file.encoding} {file.delimiter!r}): {w}" for w in found))


def _length(content: bytes, rng: Random) -> int:
    """Anywhere, and one time in four behind a line break: the places that look like an end."""
    length = rng.randrange(len(content))
    at = content.find(b"\n", length) if rng.random() < 0.25 else -1
    return length if at < 0 else min(at + rng.choice((1, 2)), len(content) - 1)


def _mutate(tally: Tally, seen: Counter[str], folder: Path, seed: int, count: int) -> None:
    for number in range(count):
        rng = Random(f"{seed}/mutation/{number}")
        file = _some_file(rng, number)
        tally.trials += 1
        believed, found = _judged(folder, file, damaged(file, rng))
        seen["mutations-believed"] += believed
        tally.broken(*(f"mutation {number} ({file.encoding}): {what}" for what in found))


def _write_every_way(tally: Tally, folder: Path, seed: int) -> None:
    """Six encodings by three delimiters come back whole; an encoding is never guessed."""
    for encoding in ENCODINGS:
        for delimiter in DELIMITERS:
            tally.trials += 1
            listed = people(Random(seed), 12, storable(encoding))
            file = csv_file((*listed, ("Ñ", "n@x.example", "")), encoding, delimiter, "\r\n")
            found = list(_not_as_written(_read(folder, file, file.content), file))
            path = put(folder, file.content)
            if encoding in NAMED and read(path, encoding="utf-8").manifest.state.trusted:
                found.append("believed as something that it is not")
            tally.broken(*(f"{encoding} {delimiter!r}: {what}" for what in found))


def _spell(tally: Tally, seen: Counter[str], folder: Path) -> None:
    """Each name comes back letter for letter from every delimiter and from a spreadsheet."""
    for name in NAMES:
        tally.trials += 1
        listed = ((name, "a@x.example", "R"), ("B", "b@x.example", name))
        files = [csv_file(listed, "utf-8", delimiter, "\n") for delimiter in DELIMITERS]
        wrong = [
            f"{name!r} from {file.encoding} {file.delimiter!r}: {what}"
            for file in (*files, xlsx_file(listed))
            for what in _not_as_written(_read(folder, file, file.content), file)
        ]
        seen["names"] += not wrong
        tally.broken(*wrong)


def _some_file(rng: Random, number: int) -> Written:
    return xlsx_file(people(rng, 8)) if number % ONE_IN == 0 else some_file(rng, rng.choice(SIZES))


def _read(folder: Path, file: Written, content: bytes) -> Pull:
    return read(put(folder, content), encoding=configured(file.encoding))


def _judged(folder: Path, file: Written, content: bytes) -> tuple[bool, list[str]]:
    """Whether it was believed, and what is wrong with that or with how it was refused."""
    try:
        pulled = _read(folder, file, content)
    except Exception as error:  # noqa: BLE001 - this is what the goal counts
        return False, [f"uncaught {type(error).__name__}: {error}"]
    return pulled.manifest.state.trusted, list(_different(pulled, file, content))


def _not_as_written(pulled: Pull, file: Written) -> Iterator[str]:
    if not pulled.manifest.state.trusted:
        yield f"refused: {pulled.manifest.cause}: {pulled.manifest.detail}"
    got = sorted((p.name, p.email, p.mode) for p in pulled.records)
    meant = sorted((name, email, role.strip()) for name, email, role in file.people)
    yield from (f"{was} came as {is_}" for was, is_ in zip(meant, got, strict=False) if was != is_)
    if len(got) != len(meant):
        yield f"{len(meant)} written, {len(got)} read"


def _different(pulled: Pull, file: Written, content: bytes) -> Iterator[str]:
    """How what was read differs from what stands in these bytes."""
    manifest = pulled.manifest
    if manifest.state.withheld and not (manifest.cause and manifest.detail):
        yield f"refused without cause and reason: {manifest}"
    accounted = len(pulled.records) + manifest.duplicate + manifest.rejected_rows
    if accounted != manifest.received:
        yield f"{manifest.received} rows came, {accounted} are accounted for"
    if file.encoding == "xlsx":
        # Its own checksums hold the rows together: what is believed is what was written.
        yield from _not_as_written(pulled, file) if manifest.state.trusted else ()
        return
    plain = read_plainly(content, configured(file.encoding))
    if manifest.state.trusted == bool(plain.flaw):
        said = f"{manifest.cause} {manifest.detail}" if plain.flaw == "" else plain.flaw
        yield f"{'refused' if manifest.state.withheld else 'believed'} although {said or 'whole'}"
    if manifest.state.trusted:
        if manifest.received != plain.rows:
            yield f"{plain.rows} rows stand there, {manifest.received} were counted"
        got = sorted((p.name, p.email, p.mode) for p in pulled.records)
        if got != sorted(plain.people):
            yield f"read {got}, there stands {sorted(plain.people)}"


# Sabotage


def _without(guard: str, other: object, trial: object, seed: int) -> Tally:
    tally = Tally()
    with (
        tempfile.TemporaryDirectory(dir=memory_folder()) as folder,
        replaced(tabular, guard, other),
    ):
        trial(tally, Counter(), Path(folder), seed, 300)
    return tally


def _rows_of_any_width(table, columns, _most):
    """Read a row by counting from its left, however many cells it has."""
    places = tabular._places(next(table, []), columns)
    for cells in table:
        if any(cell.strip() for cell in cells):
            padded = [*cells, *[""] * 10]
            yield {key: padded[place] for key, place in places.items()}


class _Lenient:
    """The csv module as it is without strictness: an open quote ends with the file."""

    Error = csv.Error

    @staticmethod
    def reader(lines, *, delimiter, strict):
        return csv.reader(lines, delimiter=delimiter, strict=not strict)
