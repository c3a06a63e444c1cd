"""A mail server that is a folder outside halosync's reach: what is in there was accepted.

A message counts as accepted from the rename on, whatever halosync still gets to write down. How
often it was accepted, and how often halosync knew, is read from the folder's names alone.
"""

import email
import os
import resource
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from sync.failpoint import failpoint
from sync.outbox import Delivery, Outbox, Parcel, Receipt

BEFORE, ACCEPTED = "mail:before-accept", "mail:accepted"
"""Places like halosync's own, on the mail server's side of the wire."""


class Mail(NamedTuple):
    """One message that was accepted at least once."""

    message_id: str
    digests: frozenset[str]
    """Of its copies; more than one = something else was sent under the same name."""
    copies: int
    recorded: int
    """How many of its copies halosync is known to have written down as accepted."""
    body: bytes


@dataclass(slots=True)
class Mailbox:
    """Both halosync's transport and the place where the oracle looks."""

    folder: Path
    seconds: float = 0.0
    """How long it takes over a message, half of it after having accepted it."""

    def send(self, body: bytes, recipients: Sequence[str]) -> Mapping[str, Receipt]:
        with unlimited():
            self.folder.mkdir(exist_ok=True)
            part = self.folder / f".{os.getpid()}.part"
            part.write_bytes(body)
        time.sleep(self.seconds / 2)
        failpoint(BEFORE)
        part.rename(self.folder / f"{digest_of(body)}.{_once()}.eml")
        failpoint(ACCEPTED)
        time.sleep(self.seconds / 2)
        return {to: Receipt(Delivery.ACCEPTED) for to in recipients}

    def recorded(self, body: bytes) -> None:
        """Note that halosync has committed what this server said."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / f"{digest_of(body)}.{_once()}.recorded").touch()

    def mails(self) -> list[Mail]:
        """Everything that was ever accepted, by Message-ID."""
        copies: dict[str, list[bytes]] = defaultdict(list)
        for path in sorted(self.folder.glob("*.eml")):
            body = path.read_bytes()
            head = body.partition(b"\r\n\r\n")[0]
            copies[str(email.message_from_bytes(head)["Message-ID"])].append(body)
        return [
            Mail(
                message_id,
                frozenset(map(digest_of, bodies)),
                len(bodies),
                sum(
                    len(list(self.folder.glob(f"{d}.*.recorded")))
                    for d in {*map(digest_of, bodies)}
                ),
                bodies[0],
            )
            for message_id, bodies in copies.items()
        ]


@dataclass(frozen=True, slots=True)
class Witness:
    """Halosync's own outbox; tells the mailbox when an acceptance has been committed."""

    outbox: Outbox
    mailbox: Mailbox

    def unsent(self) -> Sequence[Parcel]:
        return self.outbox.unsent()

    def mark(
        self, parcel: Parcel, receipts: Mapping[str, Receipt], at: datetime, *, reduced: bool
    ) -> None:
        self.outbox.mark(parcel, receipts, at, reduced=reduced)
        if any(receipt.state is Delivery.ACCEPTED for receipt in receipts.values()):
            self.mailbox.recorded(parcel.reduced if reduced else parcel.body)


def digest_of(body: bytes) -> str:
    return sha256(body).hexdigest()[:16]


def _once() -> str:
    return os.urandom(6).hex()


@contextmanager
def unlimited() -> Iterator[None]:
    """Another machine's disk is not full because ours is."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
