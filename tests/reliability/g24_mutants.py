"""G24: every small change to what decides completeness, the brake, the outbox or redaction is seen.

All mutants of each area's files are made, none sampled; at least nine in ten must make one of the
area's own tests fail. Survivors are listed beside the line. `hung` are those that were noticed only because they took too long.
"""

import sys
import time

from tests.reliability.mutation.mutating import Area, hunt
from tests.reliability.tally import Tally, Tier

TIERS: tuple[Tier, ...] = ("nightly",)
LEAST = 90.0
"""Percent of an area's mutants."""
AREAS = (
    Area(
        "completeness",
        (
            "sync/core/guard.py",
            "sync/core/anew.py",
            "sync/core/witness.py",
            "sync/core/pulls.py",
            "sync/sources/proof.py",
            "sync/sources/walk.py",
            "sync/sources/pages.py",
            "sync/sources/pulling.py",
        ),
        (
            "tests/sync/core/test_guard.py",
            "tests/sync/core/test_guard_edges.py",
            "tests/sync/core/test_witness.py",
            "tests/sync/core/test_pulls.py",
            "tests/sync/sources/test_proof.py",
            "tests/sync/sources/test_walk.py",
            "tests/sync/sources/test_pages.py",
            "tests/sync/sources/test_pulling.py",
            "tests/sync/sources/test_halo.py",
            "tests/sync/sources/test_halo_paging.py",
            "tests/sync/sources/test_autoelevate.py",
            "tests/sync/sources/test_autoelevate_walks.py",
        ),
    ),
    Area(
        "brake",
        ("sync/core/brake.py",),
        ("tests/sync/core/test_brake.py", "tests/sync/core/test_guard.py"),
    ),
    Area(
        "outbox",
        ("sync/outbox.py", "sync/store/outbox.py"),
        ("tests/sync/test_outbox.py", "tests/sync/store/test_outbox.py"),
    ),
    Area("redaction", ("sync/app/redaction.py",), ("tests/sync/app/test_redaction.py",)),
)


def run(tier: Tier, seed: int) -> Tally:
    """Nothing is drawn by lot here: the seed changes nothing."""
    tally = Tally()
    for area in AREAS:
        tally.add(_counted(area, tally.notes))
    return tally


def sabotage(seed: int) -> Tally:
    """Run one area's tests without counting what they claim: then mutants live."""
    area = AREAS[-1]
    return _counted(Area(area.name, area.files, area.tests, claims=False), {})


def _counted(area: Area, notes: dict[str, object]) -> Tally:
    started = time.monotonic()
    fates = hunt(area)
    survivors = [fate for fate in fates if not fate.killed]
    share = 100 * (1 - len(survivors) / len(fates))
    notes[area.name] = f"{share:.1f}%"
    notes[f"{area.name}_mutants"] = len(fates)
    notes[f"{area.name}_seconds"] = f"{time.monotonic() - started:.0f}"
    notes[f"{area.name}_hung"] = sum(fate.hung for fate in fates)
    tally = Tally(trials=len(fates))
    if area.claims:
        for fate in survivors:
            print(f"    {fate.where} survived {fate.tests} tests: {fate.what}", file=sys.stderr)
    if share < LEAST:
        tally.broken(f"{area.name}: {len(survivors)} of {len(fates)} mutants survived")
    return tally
