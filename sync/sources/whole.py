"""Decodes a page in one go where each row has the same keys, each of them once.

The fast decoder takes the last of two equal keys without a word. So a key must stand in the page
as often as there are rows, and no row may lack it: then each row has it exactly once. Almost every
page is like that.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec


def whole_rows(page: bytes, row: type[msgspec.Struct], keys: Sequence[str]) -> list[Any] | None:
    """Give every row typed; None = the page needs a closer look, row by row.

    `keys`: those that may stand only once, spelled plainly (the caller looks for escapes).
    """
    found = {key: page.count(b'"%b"' % key.encode()) for key in keys}
    present = tuple(key for key, times in found.items() if times)
    try:
        rows = _decoder(row, present).decode(page)
    except msgspec.DecodeError:
        return None
    return rows if all(found[key] == len(rows) for key in present) else None


@cache
def _decoder(
    row: type[msgspec.Struct], present: tuple[str, ...]
) -> msgspec.json.Decoder[list[Any]]:
    """Make a decoder of rows that must have every key that is present."""
    needed = [
        (field.name, field.type)
        for field in msgspec.structs.fields(row)
        if field.encode_name in present
    ]
    strict = msgspec.defstruct(row.__name__, needed, bases=(row,), kw_only=True, gc=False)
    return msgspec.json.Decoder(list[strict], strict=False)  # type: ignore[valid-type]
