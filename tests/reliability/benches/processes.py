"""The other half of G2: the real command in processes of its own, over sockets, shot as a group."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any, Self

from sync.core.verdicts import Outcome
from sync.sandbox.serve import Sandbox, describe, prepare
from tests.reliability.benches import oracle
from tests.reliability.benches.mailbox import Mail, digest_of
from tests.reliability.benches.rig import COMPANIES, COMPUTERS, SLOT, Ended, Rig
from tests.reliability.tally import Tally

EARLIEST = 0.4
"""Of a run's duration: before that, Python is still importing."""


PATIENCE = 120.0


class SandboxMail:
    """The sandbox's mailbox, read like the rig's. Nobody tells it what halosync wrote down."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._inbox = sandbox.inbox

    def mails(self) -> list[Mail]:
        copies: dict[str, list[bytes]] = defaultdict(list)
        for mail in self._inbox.mails:
            copies[mail.message_id].append(mail.body)
        return [
            Mail(name, frozenset(map(digest_of, bodies)), len(bodies), 0, bodies[0])
            for name, bodies in copies.items()
        ]

    def forget(self) -> None:
        self._inbox.mails.clear()


class Served(Rig):
    """A rig whose systems and mail server answer on loopback ports."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self.took = 0.0
        """Seconds of the last run that was not shot."""
        super().__init__(seed)

    def __enter__(self) -> Self:
        super().__enter__()
        self.archive = self.state / "archive"
        self.sandbox = prepare(
            self.folder / "sandbox", seed=self._seed, companies=COMPANIES, computers=COMPUTERS
        ).__enter__()
        self.mailbox: Any = SandboxMail(self.sandbox)
        made = describe(self.sandbox, self.folder / "sandbox")
        self.config = Path(made["config"])
        text = self.config.read_text().replace("./state", str(self.state))
        self.config.write_text(text.replace("./archive", str(self.archive)))
        return self

    def __exit__(self, *how: object) -> None:
        self.sandbox.__exit__(*how)
        super().__exit__(*how)

    def process(self, words: tuple[str, ...], seconds: float | None = None) -> Ended:
        """Run the command; with seconds, shoot its whole group after so long."""
        command = [sys.executable, "-m", "sync", "run", "-q", "-c", str(self.config), *words]
        child = subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        began = time.monotonic()
        try:
            code = child.wait(PATIENCE if seconds is None else seconds)
            self.took = time.monotonic() - began
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            code = child.wait()
            if seconds is None:
                raise AssertionError(f"a run hung for {PATIENCE:.0f} s") from None
        return Ended(-code if code < 0 else code << 8)

    def begin_again(self) -> None:
        """Go back to the night before, with quotas as if nobody had asked: it is a night later."""
        shutil.rmtree(self.state)
        shutil.copytree(self.folder / "first" / "state", self.state)
        self.mailbox.forget()
        for system in (self.sandbox.halo, self.sandbox.autoelevate):
            system.configure(system.switches)


def shoot_processes(tally: Tally, seed: int, wanted: int) -> None:
    rng = Random(f"{seed}/processes")
    with Served(seed) as rig:
        rig.process(())
        rig.save("first")
        rig.process(SLOT)
        landed, seconds = 0, rig.took
        while landed < wanted:
            rig.begin_again()
            seconds = min(seconds, rig.took)  # the first run also warms the disk's cache
            moment = rng.uniform(EARLIEST * seconds, seconds)
            hit = rig.process(SLOT, moment)
            found = [*_after(rig, hit)]
            tally.broken(*(f"a process shot after {moment:.2f} s: {what}" for what in found))
            landed += hit.killed
            tally.trials += hit.killed


def _after(rig: Served, hit: Ended) -> Iterator[str]:
    if not hit.killed and hit.code != 0:
        yield f"a run that was not hit ended with {hit}"
    yield from (f"at once: {what}" for what in oracle.safe(rig, decided=False))
    again = rig.process(SLOT)
    if again.code != 0:
        yield f"the run after it ended with {again}"
    first = set((rig.folder / "first" / "state" / "archive").glob("[0-9]*"))
    known = {int(folder.name) for folder in first}
    yield from oracle.complete(rig, faults=1, decided=False, before=frozenset(known))
    if len(mails := rig.mailbox.mails()) != 1:
        yield f"{len(mails)} different reports of one slot were mailed"
    truth = {(row.kind, row.ae_id) for row in rig.sandbox.world.truth() if row.linkable}
    with rig.look() as store:
        for v in store.verdicts():
            if v.outcome is Outcome.UNLINKED and (v.kind.value, v.ae_id) in truth:
                yield f"{v.kind} {v.ae_id} links, and is called unlinked"
