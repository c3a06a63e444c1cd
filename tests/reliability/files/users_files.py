"""Users files as a portal, a spreadsheet and an accident write them; seeded, with their truth."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

import xlsxwriter

DELIMITERS = (",", ";", "\t")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-be-sig", "cp1252", "utf-16-le")
"""The last two have no mark at their start and must be named in the configuration."""
NAMED = ("cp1252", "utf-16-le")
NAMES = (
    "NA", "None", "00123", "1E5", "TRUE", "12-05", "=1+1", "@SUM(A1)", "O'Brien", "Müller, Åse",
    'Sam "Sammy" Poe', "semi;colon\ttab", "two\nlines", "three\r\nlines", "Jose\u0301 Nu\u0144ez",
    "李小龍", "אבי כהן", "\u202eyrraL", "\U0001f469\u200d\U0001f4bb Ada", " outer\u00a0spaces ",
)  # fmt: skip
HEADERS = ("Name", "Email", "Role")
ROLES = ("R", "R, senior", "R;2", "", "two\nlines")
Person = tuple[str, str, str]


@dataclass(slots=True)
class Written:
    """One file: its bytes, the people in it, and where its rows end."""

    content: bytes
    people: tuple[Person, ...]
    encoding: str
    delimiter: str
    ends: set[int] = field(default_factory=set)
    """Lengths to which it can be cut without touching a row."""


def encoded(text: str, encoding: str) -> bytes:
    """`utf-16-be-sig` is ours: big-endian with its mark."""
    if encoding == "utf-16-be-sig":
        return b"\xfe\xff" + text.encode("utf-16-be")
    return b"\xff\xfe" + text.encode("utf-16-le") if encoding == "utf-16" else text.encode(encoding)


def configured(encoding: str) -> str:
    """What `users.encoding` has to say for a file in this encoding."""
    return encoding if encoding in NAMED else "utf-8"


def people(rng: Random, count: int, names: tuple[str, ...] = NAMES) -> tuple[Person, ...]:
    """Invented technicians: each value says which column it belongs to."""
    return tuple(
        (f"N{n} {rng.choice(names)}", f"u{n}@x.example", rng.choice(ROLES)) for n in range(count)
    )


def some_file(rng: Random, count: int) -> Written:
    encoding, delimiter = rng.choice(ENCODINGS), rng.choice(DELIMITERS)
    return csv_file(
        people(rng, count, storable(encoding)), encoding, delimiter, rng.choice(("\n", "\r\n"))
    )


def storable(encoding: str) -> tuple[str, ...]:
    return tuple(
        name
        for name in NAMES
        if name == name.encode(_plain(encoding), "ignore").decode(_plain(encoding))
    )


def _plain(encoding: str) -> str:
    return "utf-16-be" if encoding == "utf-16-be-sig" else encoding


def csv_file(listed: tuple[Person, ...], encoding: str, delimiter: str, end: str) -> Written:
    text = ""
    ends = set()
    for row in (HEADERS, *listed):
        text += delimiter.join(_cell(value, delimiter) for value in row)
        if end == "\r\n":  # half of the line's end is an end too
            ends.add(len(encoded(text + "\r", encoding)))
        text += end
        ends.add(len(encoded(text, encoding)))
    return Written(encoded(text, encoding), listed, encoding, delimiter, ends)


def _cell(value: str, delimiter: str) -> str:
    if any(c in value for c in ('"', "\r", "\n", delimiter)) or value != value.strip():
        return '"' + value.replace('"', '""') + '"'
    return value


def xlsx_file(listed: tuple[Person, ...]) -> Written:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate((HEADERS, *listed)):
            for column, value in enumerate(row):
                sheet.write_string(number, column, value)
    return Written(out.getvalue(), listed, "xlsx", "")


# Accidents. Those with bytes may hit anything; those with text keep to what an editor could do.


def damaged(file: Written, rng: Random) -> bytes:
    if file.encoding == "xlsx" or rng.random() < 0.5:
        return rng.choice(BYTES)(file.content, rng)
    body = file.content[len(encoded("", file.encoding)) :]
    text = body.decode(_codec(file.encoding))
    return encoded(rng.choice(TEXTS)(text, file.delimiter, rng), file.encoding)


def _codec(encoding: str) -> str:
    known = {"utf-16": "utf-16-le", "utf-16-be-sig": "utf-16-be", "utf-8-sig": "utf-8"}
    return known.get(encoding, encoding)


def _flip(content: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :]


def _drop(content: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + content[at + rng.choice((1, 1, 2, 7, 40)) :]


def _insert(content: bytes, rng: Random) -> bytes:
    at = rng.randrange(len(content))
    return (
        content[:at] + rng.choice((b'"', b",", b";", b"\n", b"\0", rng.randbytes(3))) + content[at:]
    )


def _repeat(content: bytes, rng: Random) -> bytes:
    at, length = rng.randrange(len(content)), rng.choice((1, 5, 30, 200))
    return content[: at + length] + content[at:]


def _zero(content: bytes, rng: Random) -> bytes:
    at, length = rng.randrange(len(content)), rng.choice((1, 4, 30))
    return (content[:at] + bytes(length) + content[at + length :])[: len(content)]


def _swap(content: bytes, rng: Random) -> bytes:
    a, b, c = sorted(rng.randrange(len(content)) for _ in range(3))
    return content[:a] + content[b:c] + content[a:b] + content[c:]


BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (_flip, _drop, _insert, _repeat, _zero, _swap)


def _lose(text: str, what: str, rng: Random) -> str:
    places = [at for at, c in enumerate(text) if c == what]
    return text if not places else text[: (at := rng.choice(places))] + text[at + 1 :]


def _lines(change: Callable[[list[str], str, Random], None]) -> Callable[[str, str, Random], str]:
    def changed(text: str, delimiter: str, rng: Random) -> str:
        lines = text.splitlines(keepends=True)
        change(lines, delimiter, rng)
        return "".join(lines)

    return changed


def _widen_one(lines: list[str], delimiter: str, rng: Random) -> None:
    at = rng.randrange(len(lines))
    lines[at] = delimiter + lines[at]


def _widen_all(lines: list[str], delimiter: str, _rng: Random) -> None:
    lines[1:] = [f"stray{delimiter}{line}" for line in lines[1:]]


def _add_column(lines: list[str], delimiter: str, rng: Random) -> None:
    title = rng.choice(("Phone", "name", "Email", "Role "))
    lines[:] = [f"{title if n == 0 else n}{delimiter}{line}" for n, line in enumerate(lines)]


def _rename(lines: list[str], _delimiter: str, rng: Random) -> None:
    title = rng.choice(HEADERS)
    lines[0] = lines[0].replace(title, rng.choice((title.upper(), f" {title}", "Nombre?", "")))


def _shuffle(lines: list[str], _delimiter: str, rng: Random) -> None:
    rows = lines[1:]
    rng.shuffle(rows)
    lines[1:] = rows


def _append_itself(lines: list[str], _delimiter: str, _rng: Random) -> None:
    lines += list(lines)


def _other_delimiter(lines: list[str], delimiter: str, rng: Random) -> None:
    at = rng.randrange(len(lines))
    lines[at] = lines[at].replace(delimiter, rng.choice(DELIMITERS))


def _blank(lines: list[str], delimiter: str, rng: Random) -> None:
    lines.insert(
        rng.randrange(1, len(lines)), rng.choice(("\n", "\r\n", delimiter * 2 + "\n", " \n"))
    )


TEXTS: tuple[Callable[[str, str, Random], str], ...] = (
    _lose,
    lambda text, _delimiter, rng: _lose(text, '"', rng),
    lambda text, _delimiter, rng: _lose(text, "\n", rng),
    lambda text, _delimiter, rng: _lose(text, "@", rng),
    lambda text, _delimiter, _rng: text.rstrip("\r\n"),
    lambda text, _delimiter, _rng: text.replace("\r\n", "\n").replace("\n", "\r"),
    lambda text, delimiter, _rng: f"sep={delimiter}\r\n{text}",
    *map(_lines, (_widen_one, _widen_all, _add_column, _rename, _shuffle, _append_itself,
                  _other_delimiter, _blank)),
)  # fmt: skip
