"""What counts as a page: strict UTF-8, well-formed JSON, a list where a list was asked for.

The one place that decides what to do with JSON the fast decoder lets pass (duplicate keys) or
refuses wholesale (a lone surrogate): such a page is read again by the standard library, strictly,
and only then is it an error.
"""

import json
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass
from typing import Any, NoReturn

import msgspec

from sync.sources.causes import Cause, Trouble
from sync.sources.whole import whole_rows

Row = msgspec.Struct | msgspec.Raw | dict[str, Any]
"""One row: typed; undecoded where its page was no plain one; a dict from the strict reader."""

_ENVELOPE = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ROWS = msgspec.json.Decoder(list[msgspec.Raw])
_TOTAL = msgspec.json.Decoder(int)
LARGEST_TOTAL = 2**53


@dataclass(frozen=True, slots=True)
class Envelope:
    """Where a list's rows and total stand."""

    rows: str
    total: str
    also: tuple[str, ...] = ()
    """Other names the rows may bear."""
    only_list: bool = False
    """Take the only list of objects, whatever its name (Halo; `columns` never counts)."""
    bare: bool = False
    """A bare array is a legitimate answer, an empty one too."""
    keys: tuple[str, ...] = ()
    """The row fields we read: none may stand twice in a row."""
    row: type[msgspec.Struct] | None = None
    """What a row is read as; None = rows stay undecoded."""


@dataclass(frozen=True, slots=True)
class Page:
    rows: Sequence[Row]
    total: int | None
    """None = not declared, or not a sensible number."""
    bare: bool = False

    @property
    def plain(self) -> bool:
        """Whether it was decoded in one go: then every row is typed."""
        return bool(self.rows) and isinstance(self.rows[0], msgspec.Struct)


def read_page(body: bytes, envelope: Envelope) -> Page:
    """Decode one answer, or raise `Trouble` naming what is wrong with it."""
    body = _utf8(body)
    if body.lstrip()[:1] == b"<":
        raise Trouble(Cause.PAGE_BROKEN, "HTML came instead of JSON")
    try:
        page = _fast(body, envelope)
    except msgspec.DecodeError:
        return _page(strict_json(body), envelope)
    except RecursionError:
        raise Trouble(Cause.PAGE_BROKEN, "nested too deeply") from None
    if _may_spell_keys(body) or not (page.plain or _sure(page.rows, envelope.keys)):
        strict_json(body)
    return page


def _may_spell_keys(body: bytes) -> bool:
    """Whether a key may be spelled with an escape: then it is not found by its letters."""
    return b"\\" in body and b"\\u00" in body  # the first look is the faster one


def strict_json(body: bytes) -> Any:
    """Decode with the standard library; duplicate keys, NaN and huge numbers are errors."""
    try:
        return json.loads(body, object_pairs_hook=_unique, parse_constant=_no_constant)
    except Trouble:
        raise
    except RecursionError:
        raise Trouble(Cause.PAGE_BROKEN, "nested too deeply") from None
    except ValueError as error:
        where = f" at byte {error.pos}" if isinstance(error, json.JSONDecodeError) else ""
        raise Trouble(Cause.PAGE_BROKEN, f"no well-formed JSON{where}") from None


def _utf8(body: bytes) -> bytes:
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Trouble(Cause.PAGE_ENCODING, f"no UTF-8 at byte {error.start}") from None
    return body


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Trouble(Cause.PAGE_BROKEN, "an object holds the same key twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise Trouble(Cause.PAGE_BROKEN, f"{name} is no JSON number")


def _sure(rows: Sequence[Row], keys: Sequence[str]) -> bool:
    """Whether no key we read stands twice in a row: the fast decoder would take the last."""
    wanted = [b'"%b"' % key.encode() for key in keys]
    raws = [bytes(row) for row in rows if isinstance(row, msgspec.Raw)]
    return not any(raw.count(key) > 1 for raw in raws for key in wanted)


def _fast(body: bytes, envelope: Envelope) -> Page:
    if body.lstrip()[:1] == b"[":
        return _bare(_fast_rows(body, envelope), envelope)
    try:
        fields = _ENVELOPE.decode(body)
    except msgspec.ValidationError:
        raise Trouble(Cause.PAGE_SHAPE, "neither an object nor a list came") from None
    lists = {name: bytes(raw) for name, raw in fields.items() if bytes(raw)[:1] == b"["}
    inside = {name: raw[1:-1].strip() for name, raw in lists.items()}
    rows = _fast_rows(lists[_which(inside, envelope)], envelope)
    return Page(rows, _fast_total(fields.get(envelope.total)))


def _fast_rows(raw: bytes, envelope: Envelope) -> Sequence[Row]:
    if envelope.row and (whole := whole_rows(raw, envelope.row, envelope.keys)) is not None:
        return whole
    rows = _ROWS.decode(raw)
    _only_objects(rows)
    return rows


def _fast_total(raw: msgspec.Raw | None) -> int | None:
    try:
        return _sensible(_TOTAL.decode(raw)) if raw is not None else None
    except msgspec.ValidationError:
        return None


def _sensible(total: object) -> int | None:
    return total if type(total) is int and 0 <= total <= LARGEST_TOTAL else None


def _page(answer: object, envelope: Envelope) -> Page:
    """The same decisions for a page that the strict reader had to read."""
    if isinstance(answer, list):
        _only_objects(answer)
        return _bare(answer, envelope)
    if not isinstance(answer, dict):
        raise Trouble(Cause.PAGE_SHAPE, "neither an object nor a list came")
    lists = {name: value for name, value in answer.items() if isinstance(value, list)}
    rows = lists[_which(lists, envelope)]
    _only_objects(rows)
    return Page(rows, _sensible(answer.get(envelope.total)))


def _bare(rows: Sequence[Any], envelope: Envelope) -> Page:
    if not (envelope.bare or (envelope.only_list and rows)):
        raise Trouble(Cause.PAGE_SHAPE, f"a bare list came instead of {envelope.rows!r}")
    return Page(rows, None, bare=True)


def _only_objects(rows: Sequence[Any]) -> None:
    for row in rows:
        if not (bytes(row)[:1] == b"{" if isinstance(row, msgspec.Raw) else isinstance(row, dict)):
            raise Trouble(Cause.PAGE_SHAPE, "the list holds something else than objects")


def _which(lists: Mapping[str, Sized], envelope: Envelope) -> str:
    """Say which list holds the rows."""
    for name in (envelope.rows, *envelope.also):
        if name in lists:
            return name
    others = [name for name in lists if name != "columns"]
    if envelope.only_list and len(others) == 1 and lists[others[0]]:
        return others[0]
    raise Trouble(Cause.PAGE_SHAPE, f"no list {envelope.rows!r} in the answer")
