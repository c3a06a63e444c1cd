"""A night's answers on a tape in a file, so that who plays it does not hold the invented world.

A real night has no such neighbour: a million objects of somebody else's slow down every look into
memory. `record` runs in a process of its own; `Player` refuses what is not on the tape.
"""

import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Self

from sync import job
from sync.sandbox.world import World
from sync.sources.http import Reply
from tests.bench.night import TapedBench, TapeWire
from tests.reliability.benches.bench import EPOCH, Bench

SEED = 2026
Tape = dict[tuple[str, str], Reply]


class Player(Bench):
    """A bench whose systems know nothing but the tape."""

    def __init__(self, folder: Path) -> None:
        super().__init__(World.create(SEED, 1, 1, EPOCH))  # the same seed has the same keys
        self._recorded = folder
        self.tape: Tape = pickle.loads((folder / "tape").read_bytes())

    def __enter__(self) -> Self:
        super().__enter__()
        shutil.copy2(self._recorded / "users.csv", self.users_file)
        return self

    def _wire(self, system: Any) -> TapeWire:
        wire = super()._wire(system)
        wire.send = _not_recorded
        return TapeWire(wire, self.tape)


def _not_recorded(request: Any) -> Reply:
    raise LookupError(f"not on the tape: {request.method} {request.url}")


def record(computers: int, folder: Path) -> None:
    """Record a night with so many computers, in a process of its own."""
    command = [sys.executable, "-m", "tests.bench.recorded", str(computers), str(folder)]
    subprocess.run(command, check=True)


def main() -> None:
    computers, folder = int(sys.argv[1]), Path(sys.argv[2])
    with TapedBench(World.create(SEED, computers // 20, computers, EPOCH)) as bench:
        bench.write_users()
        job.pull(bench.sources())
        shutil.copy2(bench.users_file, folder / "users.csv")
        (folder / "tape").write_bytes(pickle.dumps(bench.tape))


if __name__ == "__main__":
    main()
