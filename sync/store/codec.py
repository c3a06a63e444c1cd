"""How values become text in the database, and values again. The only place that knows JSON here."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from struct import unpack
from typing import Any, TypeVar

import msgspec

from sync.core.result import Finding, Life

T = TypeVar("T")

WORD = 1 << 64
_encoder = msgspec.json.Encoder(order="deterministic")
_row_encoder = msgspec.json.Encoder()
_UNMARKED = blake2b(digest_size=8)


def to_text(value: Any) -> str:
    """Write a value of the core as JSON: dataclasses as objects, named tuples as arrays."""
    return _encoder.encode(value).decode()


def to_texts(values: Sequence[Any]) -> list[str]:
    """Write each value as JSON, all in one go: a night writes them by the 100,000."""
    return _encoder.encode_lines(values).decode().split("\n")[:-1]


def as_text(moment: datetime) -> str:
    """Write an aware moment as ISO text in UTC, to the microsecond: texts sort as moments do."""
    return _in_full(msgspec.to_builtins(moment.astimezone(UTC)))


def as_texts(moments: Sequence[datetime | None]) -> list[str | None]:
    """Write many moments, those that there are, in one go."""
    there = [m if m is None or m.tzinfo is UTC else m.astimezone(UTC) for m in moments]
    return [text and _in_full(text) for text in msgspec.to_builtins(there)]


def _in_full(text: str) -> str:
    """Give the same characters as `isoformat`."""
    return f"{text[:-1]}+00:00" if "." in text else f"{text[:-1]}.000000+00:00"


def from_text(text: str, shape: type[T]) -> T:
    try:
        return msgspec.json.decode(text, type=shape)
    except msgspec.MsgspecError as error:
        raise ValueError(f"unreadable: {error}") from error


def finding_text(finding: Finding) -> str:
    """Write a finding without what its row, its run and the calendar already say."""
    return to_text(replace(finding, life=Life.OPEN, since=None, as_of=None))


def finding_from(body: str, *, since: datetime, as_of: datetime | None) -> Finding:
    return replace(from_text(body, Finding), since=since, as_of=as_of)


def digest(parts: Iterable[str | bytes]) -> str:
    """SHA-256 over the parts, each with its length, so that none can flow into the next."""
    total = sha256()
    for part in parts:
        raw = part.encode() if isinstance(part, str) else part
        total.update(len(raw).to_bytes(8, "big"))
        total.update(raw)
    return total.hexdigest()


def content(rows: Iterable[tuple[Any, ...]]) -> int:
    """Sum the rows' fingerprints: independent of order, and kept up to date by change alone.

    It finds accidents (a lost row, a flipped byte), not a forger who knows it.
    """
    digests = []
    for line in _row_encoder.encode_lines(rows).split(b"\n")[:-1]:
        fingerprint = _UNMARKED.copy()  # faster than making a new one
        fingerprint.update(line)
        digests.append(fingerprint.digest())
    return sum(unpack(f">{len(digests)}Q", b"".join(digests)))
