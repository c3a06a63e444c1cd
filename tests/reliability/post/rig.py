"""The rig with the real mail and the real heartbeat: over sockets, to servers that keep record."""

import io
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import (
    ExitStack,
    closing,
    contextmanager,
    nullcontext,
    redirect_stderr,
    redirect_stdout,
)
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, Self

from reports import deliver
from sync.app import heartbeat, post
from sync.cli.entry import perform
from sync.job import Parts
from sync.store import Store
from tests.reliability.benches.bench import replaced
from tests.reliability.benches.rig import Rig
from tests.reliability.benches.socket_bench import Certificates, Trap
from tests.reliability.post.post_office import Manner, PostOffice
from tests.reliability.post.rude_monitor import RudeMonitor

LIMIT = 1.5
"""Seconds for a whole conversation, with the mail server or the monitoring service."""
HUNG_AFTER = 20
SECTIONS = """\
report: {{policy: always, recipients: [{groups}]}}
mail: {{host: 127.0.0.1, port: {port}, tls: starttls, ca_file: {ca}, username: {user},
  password: {password}, sender: halosync@msp.test}}
heartbeat: {{start: "{beat}/start", ok: "{beat}/ok", fail: "{beat}/fail"}}
"""


class Hung(BaseException):
    """A run that would not end; no `except Exception` may swallow it."""


class Party(NamedTuple):
    """Who writes to whom in one trial."""

    groups: tuple[tuple[str, ...], ...]
    user: str
    password: str

    @property
    def everybody(self) -> tuple[str, ...]:
        return tuple(to for group in self.groups for to in group)

    @classmethod
    def of(cls, rng: Random) -> Self:
        to = [f"{name}{rng.randrange(1000)}@msp.test" for name in ("ana", "bob", "cleo")]
        groups = ((to[0], to[1]), (to[2],)) if rng.random() < 0.5 else (tuple(to),)
        return cls(groups, f"user{rng.randrange(1000)}", f"pw-{rng.getrandbits(96):024x}")


@dataclass(frozen=True, slots=True)
class Night:
    """How one run ended, as its caller sees it."""

    code: int
    seconds: float
    said: str


class MailRig(Rig):
    """One installation; its mail server and its monitoring service."""

    def __enter__(self) -> Self:
        super().__enter__()
        self._open = ExitStack()
        certificates = Certificates.make(self.folder_for("certificates"))
        self.trusted = certificates.trusted
        kinds = ("good", "unknown_issuer", "other_host", "old_version")
        contexts = {kind: getattr(certificates, kind) for kind in kinds}
        self.office = self._open.enter_context(PostOffice(contexts))
        self.monitor = self._open.enter_context(RudeMonitor())
        self.trap = Trap()
        self._open.callback(self.trap.close)
        self._head = self.config.read_text().partition("report:")[0]
        return self

    def __exit__(self, *how: object) -> None:
        self._open.close()
        super().__exit__(*how)

    def folder_for(self, name: str) -> Path:
        folder = self.folder / name
        folder.mkdir()
        return folder

    def write(self, party: Party) -> None:
        """Configure this party."""
        groups = ", ".join(f"{{to: [{', '.join(group)}]}}" for group in party.groups)
        sections = SECTIONS.format(
            groups=groups, port=self.office.port, ca=self.trusted, beat=self.monitor.url,
            user=party.user, password=party.password,
        )  # fmt: skip
        tail = "min_free_megabytes: 0\nallow_root: true\n"
        self.config.write_text(self._head + sections + tail)

    def night(self, number: int, manner: Manner | None, patience: float) -> Night:
        """Run once while the mail server behaves so; None = nobody listens there."""
        self.office.begin(number, manner or Manner())
        with nullcontext() if manner else self.office.down():
            return self._night(patience)

    def _night(self, patience: float) -> Night:
        self._plan(())
        said, began = io.StringIO(), time.monotonic()
        signal.signal(signal.SIGALRM, _hung)
        signal.alarm(HUNG_AFTER)
        try:
            with self._impatient(patience), redirect_stdout(said), redirect_stderr(said):
                code = perform(["run", "-c", str(self.config)])
        except Hung:
            code = -1
        finally:
            signal.alarm(0)
        return Night(code, time.monotonic() - began, said.getvalue())

    @contextmanager
    def _impatient(self, patience: float) -> Iterator[None]:
        quick = partial(post.SmtpTransport, timeout=patience, final_timeout=patience, limit=LIMIT)
        with (
            self._furnished(),
            replaced(heartbeat, "TIMEOUT_SECONDS", patience),
            replaced(heartbeat, "LIMIT_SECONDS", LIMIT),
            replaced(post, "SmtpTransport", quick),
            replaced(deliver, "findings_xlsx", lambda _view: b"PK, a workbook" * 15_000),
        ):
            yield

    def _ping(self, address: Any, body: Any) -> None:
        POST(address, body)

    def _given(self, ready: Parts, store: Store) -> Parts:  # noqa: ARG002 - mail goes out for real
        return replace(ready, sources=self.bench.sources())

    def verdicts(self) -> list[tuple[Any, ...]]:
        """What is known of each record tonight."""
        return self.rows("SELECT kind, ae_id, outcome, halo_id FROM verdict WHERE last_run IS NULL")

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the database past halosync's own code."""
        with self.copied() as copy, closing(sqlite3.connect(copy)) as raw:
            return raw.execute(query).fetchall()


POST = heartbeat._post
"""The real one; a rig puts its own in its place."""


def _hung(*_: object) -> None:
    raise Hung
