"""The whole report of every state, as people read it, against a version that somebody approved.

After a change that is meant: HALOSYNC_GOLDEN=write pytest tests/reports/test_golden.py, and read
the difference before committing it.
"""

import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from reports.preview import nights
from reports.render import mail_html, mail_text, page_html
from reports.view import view
from sync.words import speak

GOLDEN = Path(__file__).parent / "golden"
STATES = nights(rows=400)


class Outline(HTMLParser):
    """What a page says and in which elements, without its looks and its packed data."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.quiet = 0
        self.feed(page)

    def handle_starttag(self, tag, _attrs):
        if tag in {"style", "script"}:
            self.quiet += 1
        if tag in {"h1", "h2", "caption", "section", "table", "mark", "bdi", "code", "option"}:
            self.lines.append(f"<{tag}>")

    def handle_endtag(self, tag):
        if tag in {"style", "script"}:
            self.quiet -= 1

    def handle_data(self, text):
        if not self.quiet and text.strip():
            self.lines.append(re.sub(r"\s+", " ", text).strip())


def approved(name: str, now: str) -> str:
    path = GOLDEN / name
    if os.environ.get("HALOSYNC_GOLDEN") == "write":
        path.write_text(now, "utf-8")
    return path.read_text("utf-8")


def outline(page: str) -> str:
    return "\n".join(Outline(page).lines) + "\n"


@pytest.mark.parametrize("state", STATES)
def test_the_text_of_every_state_is_the_approved_one(state):
    night, language = STATES[state]
    text = mail_text(view(night, speak(language)))

    assert text == approved(f"{state}.txt", text)


@pytest.mark.parametrize("state", ["ordinary", "brake", "spanish", "hostile"])
def test_the_mail_says_in_html_what_was_approved(state):
    night, language = STATES[state]
    said = outline(mail_html(view(night, speak(language))))

    assert said == approved(f"{state}.mail.outline", said)


@pytest.mark.parametrize("state", ["ordinary", "withheld", "spanish-brake"])
def test_the_page_says_what_was_approved(state):
    night, language = STATES[state]
    said = outline(page_html(view(night, speak(language))))

    assert said == approved(f"{state}.page.outline", said)
