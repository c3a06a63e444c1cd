"""What a server says in its own words, made safe to print: short, one line, no secrets."""

import base64
import json
import re
from urllib.parse import quote

LONGEST = 300
_KEYS = ("error_description", "error", "Message", "message", "errorMessage")


class Secrets:
    """The values that must never appear in a text, in any of the spellings a server may echo."""

    def __init__(self, *values: str) -> None:
        self._spellings: set[str] = set()
        self.add(*values)

    def add(self, *values: str) -> None:
        for value in filter(None, values):
            self._spellings |= {
                value,
                quote(value, safe=""),
                _base64(value),
                json.dumps(value)[1:-1],
            }

    def strike(self, text: str) -> str:
        for spelling in sorted(self._spellings, key=len, reverse=True):
            text = re.sub(re.escape(spelling), "[…]", text, flags=re.IGNORECASE)
        return text


def _base64(value: str) -> str:
    return base64.b64encode(value.encode()).decode().rstrip("=")


def server_words(body: bytes, secrets: Secrets) -> str:
    """The error message of an answer, or nothing where it sent a web page."""
    text = body[:20_000].decode("utf-8", errors="replace").strip()
    if text.startswith("<"):
        return ""
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        answer = text
    if isinstance(answer, dict):
        answer = next((answer[key] for key in _KEYS if isinstance(answer.get(key), str)), "")
    text = answer if isinstance(answer, str) else ""
    plain = "".join(c if c.isprintable() else " " for c in secrets.strike(text))
    return " ".join(plain.split())[:LONGEST]


def error_code(body: bytes) -> str:
    """OAuth's `error` code, empty where there is none."""
    try:
        answer = json.loads(body[:20_000])
    except (ValueError, RecursionError):
        return ""
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) else ""
