"""A users file read a second time, from its bytes, by other code than halosync's and the csv module.

It says what a careful person would say who sees the characters: these rows, or this is no table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
WANTED = ("name", "email", "role")
REJECTED_SHARE = 0.01


@dataclass(frozen=True, slots=True)
class Reading:
    """What stands there. With a flaw nothing of it may be believed."""

    rows: int = 0
    people: tuple[tuple[str, str, str], ...] = ()
    """Name, e-mail and role of each usable person, in the order of the file."""
    duplicates: int = 0
    rejected: int = 0
    flaw: str = ""


class _Broken(Exception):  # noqa: N818 - becomes a flaw
    pass


def read_plainly(content: bytes, encoding: str = "utf-8") -> Reading:
    try:
        header, *rows = _table(_text(content, encoding))
        places = _places(header)
    except (_Broken, UnicodeError) as error:
        return Reading(flaw=str(error) or type(error).__name__)
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if any(len(row) != len(header) for row in rows):
        return Reading(len(rows), flaw="a row of another width")
    return _people([[row[at] if at >= 0 else "" for at in places] for row in rows])


def _people(rows: list[list[str]]) -> Reading:
    people, known, duplicates, rejected = [], set(), 0, 0
    for name, email, role in rows:
        address = email.strip()
        if not _is_address(address):
            rejected += 1
        elif address.casefold() in known:
            duplicates += 1
        else:
            known.add(address.casefold())
            people.append((_shown(name), address, _shown(role.strip())))
    too_many = rejected > REJECTED_SHARE * (len(known) + rejected)
    flaw = f"{rejected} of {len(rows)} rows have no address" if too_many else ""
    return Reading(len(rows), tuple(people), duplicates, rejected, flaw)


def _is_address(text: str) -> bool:
    at = text.rfind("@")
    return 0 < at < len(text) - 1 and not any(c.isspace() or not c.isprintable() for c in text)


def _shown(text: str) -> str:
    return text.replace("\0", "⟦U+0000⟧")


def _text(content: bytes, encoding: str) -> str:
    for mark, meant in MARKS.items():
        if content.startswith(mark):
            content, encoding = content[len(mark) :], meant
            break
    text = content.decode(encoding)
    if not text.endswith(("\n", "\r")):
        raise _Broken("the last line has no end")
    return text


def _table(text: str) -> list[list[str]]:
    """Split at the one delimiter under which the header names what is wanted."""
    if text[:4].lower() == "sep=" and text[5:6] in {"\r", "\n"}:
        text = text[5:].removeprefix("\r").removeprefix("\n")
    line = text.replace("\r", "\n").partition("\n")[0]
    if "\0" in line:
        raise _Broken("a zero byte in the header")
    for delimiter in ",;\t":
        cells = next(_rows(line + "\n", delimiter), [])
        if {"name", "email"} <= {_plain(cell) for cell in cells}:
            return list(_rows(text, delimiter))
    raise _Broken(f"no header in {line[:60]!r}")


def _plain(cell: str) -> str:
    return " ".join(cell.split()).casefold()


def _places(header: list[str]) -> list[int]:
    plain = [_plain(cell) for cell in header]
    if twice := [name for name in WANTED if plain.count(name) > 1]:
        raise _Broken(f"{twice[0]} stands there twice")
    return [plain.index(name) if name in plain else -1 for name in WANTED]


def _rows(text: str, delimiter: str) -> Iterator[list[str]]:
    """RFC 4180, with a line break of any kind; a quote inside a bare cell is a character."""
    row: list[str] = []
    at = 0
    while at < len(text):
        cell, at = _quoted(text, at + 1) if text[at] == '"' else _bare(text, at, delimiter)
        row.append(cell)
        end = text[at : at + 1]
        if end == delimiter:
            at += 1
            if at == len(text):
                row.append("")
            continue
        if end not in {"", "\r", "\n"}:
            raise _Broken(f"{end!r} behind a closing quote")
        at += 2 if text.startswith("\r\n", at) else 1
        yield row
        row = []
    if row:
        yield row


def _bare(text: str, at: int, delimiter: str) -> tuple[str, int]:
    end = at
    while end < len(text) and text[end] not in {delimiter, "\r", "\n"}:
        end += 1
    return text[at:end], end


def _quoted(text: str, at: int) -> tuple[str, int]:
    cell = ""
    while True:
        end = text.find('"', at)
        if end < 0:
            raise _Broken("a quote that is never closed")
        cell += text[at:end]
        if text[end + 1 : end + 2] != '"':
            return cell, end + 1
        cell, at = cell + '"', end + 2
