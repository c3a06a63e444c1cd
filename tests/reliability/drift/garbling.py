"""Spoils the bytes of an answer in every way a broken server, proxy or schema change could."""

import json
from collections.abc import Callable
from random import Random
from typing import Any

Way = Callable[[bytes, Random], bytes]
ODD_VALUES: tuple[Any, ...] = (
    None, True, [], {}, "", "12", "x" * 10_000, 12.0, 12.5, -1, 0, 2**63, 10**400, 1e308,
    "\u0000", "\ud800", "\u202e", "  ", "NaN", [[]], {"id": 1},
)  # fmt: skip
ODD_TOTALS: tuple[Any, ...] = (None, -1, 0, 1, "12", 12.5, True, [], 10**30, 2**53 + 1, "many")


def garbled(body: bytes, rng: Random) -> bytes:
    """One way, or two on top of each other."""
    for _ in range(1 if rng.random() < 0.8 else 2):
        body = rng.choice(WAYS)(body, rng)
    return body


def flip(body: bytes, rng: Random) -> bytes:
    spoiled = bytearray(body)
    for _ in range(rng.choice((1, 1, 3, 20))):
        if spoiled:
            spoiled[rng.randrange(len(spoiled))] ^= 1 << rng.randrange(8)
    return bytes(spoiled)


def cut(body: bytes, rng: Random) -> bytes:
    return body[: rng.randrange(len(body) + 1)]


def insert(body: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(body) + 1)
    what = rng.choice((rng.randbytes(8), b"\xff\xfe", b"\xef\xbb\xbf", b"\0", b"\n\n", b",", b"}{"))
    return body[:at] + what + body[at:]


def double(body: bytes, _rng: Random) -> bytes:
    return body + body


def replace_whole(_body: bytes, rng: Random) -> bytes:
    return rng.choice(
        (
            b"", b" ", b"null", b"[]", b"{}", b"true", b"42", b'"text"', b"<html></html>",
            b"[" * 100_000, b'{"a":' * 100_000, b'{"items": ' + b"[" * 5_000, b"\xff\xfe{\0}\0",
            b'{"error": "maintenance"}', b"[1, 2, 3]", b'[{"id": 1}]', b"9" * 5_000,
        )
    )  # fmt: skip


def recode(body: bytes, rng: Random) -> bytes:
    text = body.decode("utf-8", "replace")
    return text.encode(rng.choice(("utf-16", "utf-8-sig", "latin-1", "utf-32")), "replace")


def _shaped(change: Callable[[Any, Random], None]) -> Way:
    """A way that works on the decoded answer; bytes that are none stay as they are."""

    def way(body: bytes, rng: Random) -> bytes:
        try:
            answer = json.loads(body)
            change(answer, rng)
            return json.dumps(answer, ensure_ascii=rng.random() < 0.5).encode("utf-8", "replace")
        except (
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            RecursionError,
            AttributeError,
            StopIteration,
        ):
            return body

    return way


def _rows(answer: Any) -> list[Any]:
    if isinstance(answer, list):
        return answer
    return next(v for k, v in answer.items() if isinstance(v, list) and k != "columns")


def _odd_field(answer: Any, rng: Random) -> None:
    row = rng.choice(_rows(answer))
    row[rng.choice(list(row))] = rng.choice(ODD_VALUES)


def _odd_column(answer: Any, rng: Random) -> None:
    name = rng.choice(list(_rows(answer)[0]))
    for row in _rows(answer):
        row[name] = rng.choice(ODD_VALUES)


def _lost_field(answer: Any, rng: Random) -> None:
    row = rng.choice(_rows(answer))
    del row[rng.choice(list(row))]


def _renamed_column(answer: Any, rng: Random) -> None:
    name = rng.choice(list(_rows(answer)[0]))
    for row in _rows(answer):
        row[f"{name}New"] = row.pop(name)


def _odd_row(answer: Any, rng: Random) -> None:
    rows = _rows(answer)
    rows[rng.randrange(len(rows))] = rng.choice(ODD_VALUES)


def _lost_row(answer: Any, rng: Random) -> None:
    rows = _rows(answer)
    rows.pop(rng.randrange(len(rows)))


def _twice(answer: Any, rng: Random) -> None:
    rows = _rows(answer)
    rows.insert(rng.randrange(len(rows)), rng.choice(rows))


def _same_id(answer: Any, rng: Random) -> None:
    rows = _rows(answer)
    rng.choice(rows)["id"] = rng.choice(rows)["id"]


def _shuffled(answer: Any, rng: Random) -> None:
    rng.shuffle(_rows(answer))


def _odd_total(answer: Any, rng: Random) -> None:
    name = next(k for k in ("record_count", "totalCount") if k in answer)
    answer[name] = rng.choice((*ODD_TOTALS, answer[name] + 1, answer[name] - 1))


def _lost_total(answer: Any, _rng: Random) -> None:
    for name in ("record_count", "totalCount"):
        answer.pop(name, None)


def _renamed_list(answer: Any, rng: Random) -> None:
    name = next(k for k, v in answer.items() if isinstance(v, list) and k != "columns")
    answer[rng.choice(("results", "data", "rows", "columns", "Items"))] = answer.pop(name)


def _second_list(answer: Any, rng: Random) -> None:
    answer[rng.choice(("results", "more", "items", "clients"))] = rng.choice(([], [{"id": 7}]))


def _no_list(answer: Any, rng: Random) -> None:
    name = next(k for k, v in answer.items() if isinstance(v, list) and k != "columns")
    answer[name] = rng.choice((None, {}, "", 0))


def same_key_twice(body: bytes, rng: Random) -> bytes:
    return body.replace(b'"id":', rng.choice((b'"id":1,"id":', b'"\\u0069d":1,"id":')), 1)


def no_number(body: bytes, rng: Random) -> bytes:
    what = rng.choice((b"NaN", b"Infinity", b"-Infinity", b"1e999", b"9" * 5_000))
    return body.replace(b'"id":', b'"x":' + what + b',"id":', 1)


WAYS: tuple[Way, ...] = (
    flip, flip, cut, insert, double, replace_whole, recode, same_key_twice, no_number,
    *(
        _shaped(change)
        for change in (
            _odd_field, _odd_field, _odd_field, _odd_column, _lost_field, _renamed_column,
            _odd_row, _lost_row, _twice, _same_id, _shuffled, _odd_total, _odd_total,
            _lost_total, _renamed_list, _second_list, _no_list,
        )
    ),
)  # fmt: skip
