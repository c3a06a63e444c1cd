"""Looks for secrets in whatever is left lying about, in every spelling and inside every wrapping.

It shares nothing with halosync's own redaction, which must not be its own judge.
"""

import base64
import binascii
import gzip
import html
import io
import json
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from email import message_from_bytes
from functools import cache
from pathlib import Path
from urllib.parse import quote, quote_plus

SPELLINGS = ("plain", "url", "base64", "json", "html", "swapped")
DEEPEST = 6
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{24,}={0,2}")


@cache
def spelled(secret: str) -> dict[str, set[bytes]]:
    """Give the ways a secret may be written, lower case: letters' case is ignored throughout."""
    ways = {
        "plain": {secret},
        "url": {quote(secret, safe=""), quote(secret), quote_plus(secret)},
        "base64": set(_base64(secret.encode())),
        "json": {json.dumps(secret)[1:-1], repr(secret)[1:-1]},
        "html": {html.escape(secret)},
        "swapped": {secret.swapcase()},
    }
    return {way: {text.lower().encode() for text in texts} for way, texts in ways.items()}


def _base64(secret: bytes) -> Iterator[str]:
    """Give the part of its base64 that its neighbours cannot change, for each way it may begin."""
    for before in range(3):
        bits = 8 * before, 8 * (before + len(secret))
        first, last = -(-bits[0] // 6), bits[1] // 6
        text = base64.b64encode(b"\0" * before + secret + b"\0\0").decode()[first:last]
        yield text
        yield text.translate(str.maketrans("+/", "-_"))


def found(secrets: Mapping[str, str], content: bytes) -> Iterator[str]:
    """Name each secret, and its spelling, that these bytes hold."""
    small = content.lower()
    for name, secret in secrets.items():
        for way, texts in spelled(secret).items():
            if any(text in small for text in texts):
                yield f"{name} ({way})"
                break


def pieces(name: str, content: bytes, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """Give the bytes as they are, and everything that is packed inside them."""
    yield name, content
    if depth < DEEPEST:
        for inside, unpacked in _inside(content):
            yield from pieces(f"{name}/{inside}", unpacked, depth + 1)


def _inside(content: bytes) -> Iterator[tuple[str, bytes]]:
    if content.startswith(b"PK\x03\x04"):
        with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield from ((each, archive.read(each)) for each in archive.namelist())
    elif content.startswith(b"\x1f\x8b"):
        with suppress(OSError, EOFError):
            yield "gzip", gzip.decompress(content)
    elif content.startswith(b"SQLite format 3\0"):
        yield from _cells(content)
    elif re.search(rb"(?im)^(message-id|mime-version):", content[:3000]):
        for part in message_from_bytes(content).walk():
            if not part.is_multipart():
                yield part.get_content_type(), bytes(part.get_payload(decode=True) or b"")
    else:
        for text in _BASE64.findall(content):
            with suppress(binascii.Error):
                yield "base64", base64.b64decode(text + b"=" * (-len(text) % 4), b"-_")


def _cells(content: bytes) -> Iterator[tuple[str, bytes]]:
    """A value may lie on several pages, so the tables are read as well; long ones are unpacked."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite3"
        copy.write_bytes(content)
        with closing(sqlite3.connect(copy)) as raw:
            tables = raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for (table,) in tables:
                cells = [
                    cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else cell
                    for row in raw.execute(f'SELECT * FROM "{table}"')
                    for cell in row
                    if isinstance(cell, str | bytes)
                ]
                yield table, b"\n".join(cells)
                yield from ((table, cell) for cell in cells if isinstance(cell, bytes) and
                            re.search(rb"(?im)^message-id:", cell[:3000]))  # fmt: skip


def blind_spots(secrets: Mapping[str, str]) -> Iterator[str]:
    """Plant each secret in each spelling and wrapping; name what is not found again."""
    for name, secret in secrets.items():
        for way, texts in spelled(secret).items():
            for text in texts:
                for wrapping, content in _wrapped(text):
                    seen = [
                        f for _, piece in pieces("x", content) for f in found({name: secret}, piece)
                    ]
                    if not seen:
                        yield f"{name} spelled {way} is not found in {wrapping}"


def _wrapped(text: bytes) -> Iterator[tuple[str, bytes]]:
    line = b"2026 error: said <<" + text + b">>\n"
    yield "a text", line
    yield "a text in capitals", line.upper()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("inside.txt", line)
    yield "a packed file", packed.getvalue()
    yield "a recording", json.dumps({"body": base64.b64encode(line).decode()}).encode()
    mail = b"Message-ID: <1@x>\nContent-Transfer-Encoding: base64\n\n" + base64.encodebytes(line)
    yield "a mail", mail
    with closing(sqlite3.connect(":memory:")) as raw:
        raw.execute("CREATE TABLE t (a TEXT, b BLOB)")
        raw.execute("INSERT INTO t VALUES (?, ?)", ("x" * 5000 + line.decode(), mail))
        raw.commit()
        yield "a database", raw.serialize()
