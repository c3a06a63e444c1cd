"""What a server says is printed short, in one line, and without our secrets."""

import base64
import json
from urllib.parse import quote

import pytest

from sync.sources.words import LONGEST, Secrets, error_code, server_words

SECRET = 'p/w d+"ä'
SECRETS = Secrets(SECRET, "aeb_key", "")


def said(body):
    return server_words(body if isinstance(body, bytes) else json.dumps(body).encode(), SECRETS)


@pytest.mark.parametrize(
    "body",
    [
        {"ClassName": "X", "Message": "No rights"},
        {"message": "No rights"},
        {"resultCode": 5, "errorMessage": "No rights"},
        {"error": "No rights"},
        b"No   rights\r\n",
        "No rights",
    ],
)
def test_every_shape_of_error_body_is_read(body):
    assert said(body) == "No rights"


@pytest.mark.parametrize("body", [b"", b"<html>no</html>", b"\n <!DOCTYPE html>", [], 5, {"a": 1}])
def test_a_web_page_or_nothing_is_not_quoted(body):
    assert said(body) == ""


@pytest.mark.parametrize(
    "spelled",
    [
        SECRET,
        quote(SECRET, safe=""),
        json.dumps(SECRET)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
        "AEB_KEY",
    ],
)
def test_a_secret_is_struck_out_however_it_is_spelled(spelled):
    assert said({"message": f"bad {spelled} here"}).startswith("bad […]")


def test_control_characters_and_endless_texts_are_cut():
    assert said({"message": "a\x1b[31mb\0c\u202ed"}) == "a [31mb c d"
    assert len(said({"message": "x" * 9999})) == LONGEST


def test_nested_bodies_do_not_crash_us():
    assert error_code(b"[" * 100_000) == ""
    assert said(b"[" * 100_000) != ""
    assert error_code(b'{"error": {"code": 1}}') == ""
    assert error_code(b'{"error": "invalid_scope"}') == "invalid_scope"
