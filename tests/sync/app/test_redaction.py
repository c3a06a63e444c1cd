"""No secret is printed, in whatever form it travels."""

import base64
import html
import json
import logging
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync.app.logs import LineFormatter, close, one_line, set_up, write_crash
from sync.app.redaction import SHORTEST, STRUCK, TOKENS, Redactor

AWKWARD = 'pä55 w/rd?&"quoted"\\+<x>%'
SECRETS = ["0f9d3a1c-secret", AWKWARD, "aeb_Zm9vYmFy", "user:pass"]


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "form",
    [
        str,
        str.swapcase,
        quote,
        quote_plus,
        lambda s: quote(s, safe=""),
        lambda s: json.dumps({"key": s}),
        lambda s: json.dumps({"key": s}, ensure_ascii=False),
        repr,
        html.escape,
        lambda s: base64.b64encode(s.encode()).decode(),
        lambda s: base64.urlsafe_b64encode(s.encode()).decode(),
        lambda s: f"GET /x?key={quote(s)}&more=1",
    ],
)
def test_a_secret_is_struck_out_in_every_form(secret, form):
    cleaned = Redactor([secret]).clean(f"before {form(secret)} after")

    assert form(secret) not in cleaned
    assert STRUCK in cleaned
    assert cleaned.startswith("before ")


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "written",
    [
        str,
        quote,
        quote_plus,
        lambda text: quote(text, safe=""),
        json.dumps,
        lambda text: json.dumps(text, ensure_ascii=False),
        repr,
        html.escape,
    ],
)
def test_the_secret_goes_and_everything_beside_it_stays(secret, written):
    cleaned = Redactor([secret]).clean(written(f"https://halo/?a={secret}&b=1"))

    assert cleaned == written("https://halo/?a=SECRET&b=1").replace("SECRET", STRUCK)


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize(
    "secret", ["?>?>???~~~", "a-password", "a-passwords", "a-password-s", "pä55wörd"]
)
@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
@pytest.mark.parametrize("after", ["", "y", "yz"])
def test_of_base64_goes_every_letter_that_the_secret_alone_decides(encode, secret, before, after):
    text = encode((before + secret + after).encode()).decode()
    start = -(-8 * len(before) // 6)
    end = 8 * (len(before) + len(secret.encode())) // 6

    assert Redactor([secret]).clean(text) == text[:start] + STRUCK + text[end:]


def test_eight_letters_of_base64_are_struck_out_and_fewer_may_be_anything():
    six, five = (base64.b64encode(secret).decode() for secret in (b"s3cr3t", b"s3cr3"))

    assert Redactor(["s3cr3t"]).clean(six) == STRUCK
    assert Redactor(["s3cr3"]).clean(five) == five


def test_a_secret_that_is_no_valid_text_is_struck_out_all_the_same():
    assert Redactor(["pass\udc80word"]).clean("x pass\udc80word y") == f"x {STRUCK} y"


@pytest.mark.parametrize("name", ["", "a", "ab", "abc"])
def test_basic_authentication_hides_the_password_wherever_it_begins(name):
    header = base64.b64encode(f"{name}:a-long-password".encode()).decode()

    cleaned = Redactor(["a-long-password"]).clean(f"Authorization: Basic {header}")

    kept = cleaned.removeprefix("Authorization: Basic ").split(STRUCK)[0]
    assert STRUCK in cleaned
    assert b"long" not in base64.b64decode(kept + "=" * (-len(kept) % 4))


@given(secret=st.text(min_size=SHORTEST, max_size=40), around=st.text(max_size=40))
def test_whatever_the_secret_it_is_gone(secret, around):
    cleaned = Redactor([secret]).clean(around + secret + around)

    assert secret not in cleaned.replace(STRUCK, "\0" if "\0" not in secret else "\1")


def test_of_two_secrets_that_begin_alike_the_longer_leaves_no_tail():
    alike = ["secret-and-more"[:n] for n in range(6, 16)]

    assert Redactor(alike).clean("x secret-and-more y") == "x [secret] y"


def test_secrets_may_be_learned_later_and_short_ones_do_not_shred_every_sentence():
    redactor = Redactor()
    assert redactor.clean("the token is t0k3n") == "the token is t0k3n"

    redactor.learn(["t0k3", "tok"])

    assert redactor.clean("the token is t0k3n") == f"the token is {STRUCK}n"


def raised(error):
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def logged(redactor, *, as_json=False, fail_with=None):
    record = logging.LogRecord("halosync", logging.INFO, "f.py", 1, "a\nb %s", ("k3y-k3y",), None)
    if fail_with:
        error = raised(ValueError(fail_with))
        record.exc_info = (type(error), error, error.__traceback__)
    return LineFormatter(redactor, as_json=as_json).format(record)


def test_a_log_line_is_one_line_in_utc_without_secrets():
    line = logged(Redactor(["k3y-k3y"]))

    assert line.endswith(f"+00:00 info: a\\nb {STRUCK}")
    assert "\n" not in line


@pytest.mark.parametrize("as_json", [False, True])
def test_a_traceback_is_redacted_too(as_json):
    text = logged(Redactor(["s3cr3t/x"]), as_json=as_json, fail_with="https://h/?k=s3cr3t%2Fx")

    assert "ValueError" in text
    assert "s3cr3t" not in text


def test_json_lines_stay_json():
    line = json.loads(logged(Redactor(["k3y-k3y"]), as_json=True, fail_with='a "quoted" text'))

    assert line["message"] == f"a\\nb {STRUCK}"
    assert line["level"] == "info"
    assert any("quoted" in row for row in line["traceback"])


def test_names_cannot_forge_log_lines_or_colours():
    hostile = "Acme\r\n2026 info: all is well\x1b[31m\u202etxt"

    shown = one_line(hostile)

    assert shown == "Acme\\r\\n2026 info: all is well\\x1b[31m\\u202etxt"


def test_the_log_file_is_private_and_holds_what_the_terminal_does_not_show(tmp_path, capsys):
    set_up(Redactor(), level=logging.ERROR, file=tmp_path / "logs" / "h.log")
    try:
        logging.getLogger("halosync").info("pulled 3 lists")
    finally:
        close()

    assert "pulled 3 lists" in (tmp_path / "logs" / "h.log").read_text(encoding="utf-8")
    assert (tmp_path / "logs" / "h.log").stat().st_mode & 0o777 == 0o600
    assert capsys.readouterr().err == ""


def test_a_crash_file_is_private_and_redacted(tmp_path):
    error = raised(RuntimeError("the token s3cr3t-token leaked"))
    file = write_crash(tmp_path, error, Redactor(["s3cr3t-token"]), ["halosync 0"])

    text = file.read_text(encoding="utf-8")
    assert f"the token {STRUCK} leaked" in text
    assert "in raised" in text
    assert file.stat().st_mode & 0o777 == 0o600


def test_a_token_is_struck_out_from_its_answer_on_and_only_the_last_ones_are_kept():
    redactor = Redactor(["the-secret"])
    for number in range(TOKENS + 1):
        redactor.learn_token(json.dumps({"access_token": f"token-{number:04}"}).encode())

    assert redactor.clean(f"Bearer token-{TOKENS:04} the-secret") == f"Bearer {STRUCK} {STRUCK}"
    assert redactor.clean("token-0000") == "token-0000"


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[1]", b'{"access_token": 7}', b"{}"])
def test_an_answer_without_a_token_teaches_nothing(answer):
    redactor = Redactor()
    redactor.learn_token(answer)

    assert redactor.clean("anything at all") == "anything at all"
