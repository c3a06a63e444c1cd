"""Nights on which something outside is wrong: one sentence, a hint, and nothing stored is lost."""

import re
import socket
from dataclasses import replace

import pytest

from sync.app.reading import open_store
from sync.cli.terminal import Terminal
from sync.errors import Exit
from sync.sandbox.switches import HaloSwitches


@pytest.fixture
def remembered(home):
    """One good night, and what the database knows after it."""
    assert home.type("run")[0] == Exit.OK
    return known(home)


def known(home):
    with open_store(Terminal(config=str(home.config)).installation()) as store:
        return store.verdicts(), set(store.open_findings()), store.check_invariants()


@pytest.fixture
def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


def edit(home, pattern, text):
    changed, count = re.subn(pattern, text, home.config.read_text(encoding="utf-8"), count=1)
    assert count == 1
    home.config.write_text(changed, encoding="utf-8")


def told(out, sentence):
    """The sentence about what was not judged, and the hint in the line below it."""
    lines = out.splitlines()
    at = next(i for i, line in enumerate(lines) if sentence in line)
    return lines[at], lines[at + 1]


def test_a_wrong_secret(home, remembered, monkeypatch):
    monkeypatch.setenv("HALOSYNC_HALO__CLIENT_SECRET", "not-the-secret")
    code, out, _ = home.type("run")
    sentence, hint = told(out, "not judged: Halo clients")

    assert code == Exit.SOURCE_DOWN
    assert "client id and secret" in sentence
    assert hint.startswith("    -> ")
    assert known(home) == remembered


def test_a_wrong_tenant(home, remembered, monkeypatch):
    monkeypatch.setenv("HALOSYNC_HALO__TENANT", "somebody-else")
    code, out, _ = home.type("run")
    sentence, hint = told(out, "not judged: Halo clients")

    assert code == Exit.SOURCE_DOWN
    assert "tenant" in sentence.lower()
    assert hint.startswith("    -> ")
    assert known(home) == remembered


def test_a_missing_scope(home, sandbox, remembered):
    sandbox.halo.configure(HaloSwitches(app_scopes=frozenset({"read:customers"})))
    try:
        code, out, _ = home.type("run")
    finally:
        sandbox.halo.configure(HaloSwitches())
    sentence, hint = told(out, "not judged:")

    assert code in {Exit.SOURCE_DOWN, Exit.WITHHELD}
    assert "Halo assets" in sentence
    assert hint.startswith("    -> ")
    assert known(home) == remembered


def test_an_unreachable_host_does_not_silence_the_other_system(home, remembered, closed_port):
    edit(home, r"base_url: http://127\.0\.0\.1:\d+", f"base_url: http://127.0.0.1:{closed_port}")
    edit(home, r"auth_url: \S+", f"auth_url: http://127.0.0.1:{closed_port}/auth")
    code, document = home.ask("run", "--no-email")

    assert code == Exit.SOURCE_DOWN
    assert document["classes"]["halo.clients"]["state"] == "unreachable"
    assert document["classes"]["ae.computers"]["state"] == "complete"
    assert known(home) == remembered


def test_half_a_users_file(home, remembered):
    users = home.folder / "users.csv"
    whole = users.read_bytes()
    users.write_bytes(whole[: len(whole) // 2])
    code, out, _ = home.type("run")
    _, hint = told(out, "not judged: AutoElevate technicians")

    assert code == Exit.WITHHELD
    assert hint.startswith("    -> ")
    assert known(home) == remembered


def test_a_full_disk(home, remembered, monkeypatch):
    monkeypatch.setenv("HALOSYNC_MIN_FREE_MEGABYTES", str(10**9))
    code, _, err = home.type("run")
    monkeypatch.delenv("HALOSYNC_MIN_FREE_MEGABYTES")
    sentence, hint = err.splitlines()[:2]

    assert code == Exit.CONFIG
    assert "MB are free" in sentence
    assert hint.startswith("  -> ")
    assert known(home) == remembered


def test_a_name_with_html_in_it_is_text_in_the_mail_and_on_the_page(home, sandbox):
    company = next(iter(sandbox.world.companies.values()))
    before = replace(company)
    sandbox.world.rename(company, "<script>alert(1)</script>")
    try:
        code, _, _ = home.type("run")
    finally:
        sandbox.world.rename(company, before.name)
    page = (home.folder / "archive" / "000001" / "index.html").read_text(encoding="utf-8")
    mail = (home.folder / "archive" / "000001" / "report.html").read_text(encoding="utf-8")

    assert code == Exit.OK
    assert "&lt;script&gt;alert(1)" in mail
    assert "<script>alert(1)" not in page + mail
