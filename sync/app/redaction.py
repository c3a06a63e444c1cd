"""Strikes secrets out of everything that is printed or logged, in every form they travel in.

It works on the final text, tracebacks included: a filter on log records would miss what an
exception's own text holds.
"""

import base64
import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from urllib.parse import quote, quote_plus

STRUCK = "[secret]"
SHORTEST = 4
"""Anything shorter would strike out half of every sentence."""
TOKENS = 16
"""So many of the last ones are known: a service that stays gets new ones every night."""


class Redactor:
    """Knows the secrets of this process."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        self._forms: set[str] = set()
        self._tokens: deque[str] = deque(maxlen=TOKENS)
        self._pattern: re.Pattern[str] | None = None
        self.learn(secrets)

    def learn(self, secrets: Iterable[str]) -> None:
        """Strike these out from now on, too."""
        for secret in secrets:
            self._forms.update(_forms(secret))
        passing = (form for token in self._tokens for form in _forms(token))
        forms = self._forms.union(passing)
        longest_first = sorted(forms, key=lambda form: (-len(form), form))
        if longest_first:
            alternatives = "|".join(re.escape(form) for form in longest_first)
            self._pattern = re.compile(alternatives, re.IGNORECASE)

    def learn_token(self, answer: bytes) -> None:
        """Strike out what a token service has just answered with."""
        try:
            token = json.loads(answer)["access_token"]
        except (ValueError, KeyError, TypeError, RecursionError):
            return
        if isinstance(token, str) and len(token) >= SHORTEST:
            self._tokens.append(token)
            self.learn(())

    def clean(self, text: str) -> str:
        return self._pattern.sub(STRUCK, text) if self._pattern else text


def _forms(secret: str) -> Iterator[str]:
    """Give the ways a text appears in addresses, headers, JSON, HTML and Python's own words."""
    if len(secret) < SHORTEST:
        return
    # A variable of the environment may hold bytes that are no valid text.
    raw = secret.encode("utf-8", "surrogatepass")
    yield secret
    yield quote(raw, safe="")
    yield quote(raw)
    yield quote_plus(raw)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield repr(secret)[1:-1]
    yield html.escape(secret)
    yield from _base64_forms(raw)


def _base64_forms(secret: bytes) -> Iterator[str]:
    """Give what is certain of its base64 text, wherever it begins inside a longer one."""
    for shift in range(3):
        text = base64.b64encode(b"\0" * shift + secret).decode()
        first = (0, 2, 3)[shift]
        unsure = (len(secret) + shift) % 3
        last = len(text) - (0, 3, 2)[unsure]
        certain = text[first:last]
        if len(certain) >= 2 * SHORTEST:
            yield certain
            yield certain.replace("+", "-").replace("/", "_")
