"""One row at a time: typed, cleaned, turned into a record, or rejected with a reason.

A row that cannot be read is counted and set aside; it never takes its page with it, and it never
becomes a record with invented values.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Generic, TypeVar

import msgspec

from sync.core.records import AeRecord, HaloRecord
from sync.sources.pages import Row

Id = Annotated[int, msgspec.Meta(ge=-(2**63), le=2**63 - 1)]
LONGEST_NAME = 4096

S = TypeVar("S", bound=msgspec.Struct)


class RowFault(Exception):  # noqa: N818 - a verdict on one row
    """This row cannot be used; the text is a short stable reason that begins with the field."""


class _Numbered(msgspec.Struct, gc=False):
    id: Id


class _Lettered(msgspec.Struct, gc=False):
    id: str


Records = Sequence[AeRecord | HaloRecord | None]
"""One for each row; None for a row that is left out on purpose."""


def each(build: Callable[[S], AeRecord | HaloRecord | None]) -> Callable[[Sequence[S]], Records]:
    """Build records row by row."""
    return lambda rows: [*map(build, rows)]


NO_RECORDS = each(lambda _: None)


class RowReader(Generic[S]):
    """Reads the rows of one list, a page or a row at a time; without `build`, only their ids."""

    def __init__(
        self, struct: type[S], build: Callable[[Sequence[S]], Records] = NO_RECORDS
    ) -> None:
        self.struct = struct
        self._decoder = msgspec.json.Decoder(struct, strict=False)
        self._build = build

    @property
    def keys(self) -> Sequence[str]:
        return self.struct.__struct_encode_fields__

    def read(self, row: Row) -> tuple[str, AeRecord | HaloRecord | None]:
        """Give the row's id and record, or raise `RowFault`."""
        typed = self.typed(row)
        (record,) = self._build([typed])
        if record is None:
            return _id_in(typed), None
        return record.id, record

    def at_once(self, rows: Sequence[S]) -> dict[str, AeRecord | HaloRecord | None]:
        """Give the records of typed rows by id; raise `RowFault` where one is at fault."""
        return {
            _id_in(row) if record is None else record.id: record
            for row, record in zip(rows, self._build(rows), strict=True)
        }

    def typed(self, row: Row) -> S:
        if isinstance(row, self.struct):
            return row
        try:
            if isinstance(row, msgspec.Raw):
                return self._decoder.decode(row)
            return msgspec.convert(visible(row), self.struct, strict=False)
        except msgspec.ValidationError as error:
            raise RowFault(_reason(str(error))) from None
        except (msgspec.DecodeError, RecursionError):
            raise RowFault("row: unreadable") from None


def _id_in(typed: Any) -> str:
    return str(typed.id).lower()


_NUMBERED = RowReader(_Numbered)
_LETTERED = RowReader(_Lettered)


def id_of(row: Row) -> str:
    """The id of a row that was rejected, so that it still counts as seen; else its own hash."""
    if isinstance(row, msgspec.Struct):
        return _id_in(row)
    for reader in (_NUMBERED, _LETTERED):
        try:
            return reader.read(row)[0]
        except RowFault:
            continue
    content = bytes(row).decode(errors="replace") if isinstance(row, msgspec.Raw) else repr(row)
    return "?" + hashlib.sha256(content.encode(errors="replace")).hexdigest()


_MISSING = re.compile(r"missing required field `([^`]{1,60})`")
_PLACE = re.compile(r"at `\$\.([^`]{1,60})`")


def _reason(text: str) -> str:
    """Name field and fault out of the decoder's words; never the value."""
    if found := _MISSING.search(text):
        return f"{found[1]}: missing"
    place = _PLACE.search(text)
    fault = "out of range" if "range" in text or "<=" in text or ">=" in text else "wrong type"
    return f"{place[1] if place else 'row'}: {fault}"


def name_of(value: str | None) -> str:
    """The name exactly as received, save what no name may hold or no page can show.

    An over-long name keeps a hash of the whole, so that it equals nothing but itself.
    """
    if not value:
        return ""
    if "\0" not in value and len(value) <= LONGEST_NAME:
        return value
    value = value.replace("\0", "⟦U+0000⟧")
    if len(value) > LONGEST_NAME:
        whole = hashlib.sha256(value.encode(errors="surrogatepass")).hexdigest()[:12]
        return f"{value[: LONGEST_NAME - 60]}⟦{len(value)} characters, {whole}⟧"
    return value


def names_of(column: Iterable[str | None]) -> list[str]:
    """Give the names of many rows, as `name_of` gives each."""
    texts = [value or "" for value in column]
    if "\0" in "".join(texts) or max(map(len, texts), default=0) > LONGEST_NAME:
        return [*map(name_of, texts)]
    return texts


def text_of(number: int | None) -> str | None:
    return None if number is None else str(number)


_SURROGATE = re.compile("[\ud800-\udfff]")


def visible(value: Any) -> Any:
    """Replace lone surrogates, which no database or mail can hold, by a visible marker."""
    if isinstance(value, str):
        return _SURROGATE.sub(lambda found: f"⟦U+{ord(found[0]):04X}⟧", value)
    if isinstance(value, dict):
        return {visible(name): visible(item) for name, item in value.items()}
    if isinstance(value, list):
        return [visible(item) for item in value]
    return value
