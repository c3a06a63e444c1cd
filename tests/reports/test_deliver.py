"""What is composed of one run: the letters that are due, and the archive in any case."""

import email
import email.policy
import json
from dataclasses import replace

import pytest

from reports.deliver import Group, Policy, ReportSettings, compose, is_due
from reports.preview import samples
from sync.core.pulls import State
from sync.core.records import Collection
from sync.core.result import Doubt, Life
from sync.core.verdicts import Difference
from tests.reports.build import (
    COMPANY,
    USER,
    days_ago,
    finding,
    manifest,
    manifests,
    result,
    target,
)

ADMINS = Group(("ana@msp.example", "tom@msp.example"))
SETTINGS = ReportSettings("halosync@msp.example", groups=(ADMINS,))


def read(body: bytes):
    return email.message_from_bytes(body, policy=email.policy.default)


def test_a_letter_carries_text_html_workbook_and_csv():
    (letter,) = compose(samples.ordinary(), SETTINGS).letters
    message = read(letter.body)

    assert letter.recipients == ADMINS.to
    assert "halosync 2026-11-23: 3 new" in message["Subject"]
    assert [part.get_filename() for part in message.iter_attachments()] == [
        "findings.xlsx",
        "findings.csv",
    ]
    assert "5 companies with 149" in message.get_body(("plain",)).get_content()
    assert "<h1" in message.get_body(("html",)).get_content()


def test_the_reduced_letter_has_another_id_and_no_attachment():
    (letter,) = compose(samples.ordinary(), SETTINGS).letters
    full, reduced = read(letter.body), read(letter.reduced)

    assert full["Message-ID"] == letter.message_id
    assert ".full@msp.example>" in full["Message-ID"]
    assert ".reduced@msp.example>" in reduced["Message-ID"]
    assert list(reduced.iter_attachments()) == []


def test_composing_again_gives_the_same_bytes():
    assert compose(samples.ordinary(), SETTINGS) == compose(samples.ordinary(), SETTINGS)


def test_another_run_never_gets_the_same_message_id_even_with_the_same_number():
    night = samples.ordinary()
    restored = replace(night, run=replace(night.run, started=days_ago(3)))
    ids = {compose(n, SETTINGS).letters[0].message_id for n in (night, restored)}

    assert len(ids) == 2


def test_each_group_reads_its_own_language_kinds_and_depth():
    night = result(finding(COMPANY, "Acme"), finding(USER, "Ana", email="a@b.example"))
    settings = replace(
        SETTINGS,
        groups=(
            Group(("a@x.example",), "es", ("user",)),
            Group(("b@x.example",), counts_only=True),
        ),
    )
    spanish, counts = (read(letter.body) for letter in compose(night, settings).letters)

    assert "técnico" in spanish.get_body(("plain",)).get_content()
    assert "Acme" not in spanish.get_body(("html",)).get_content()
    assert list(counts.iter_attachments()) == []
    for part in ("plain", "html"):
        assert "Acme" not in counts.get_body((part,)).get_content()
        assert "Ana" not in counts.get_body((part,)).get_content()


def test_no_letter_tells_of_anything_outside_it():
    night = result(finding(COMPANY, "Acme"))
    letters = compose(
        night, replace(SETTINGS, groups=(Group(("a@x.example",)), Group(("b@x.example",))))
    ).letters

    assert b"b@x.example" not in letters[0].body
    assert letters[0].message_id != letters[1].message_id


def test_the_archive_is_complete_whether_or_not_a_mail_is_due():
    wanted = {
        "index.html", "report.html", "findings.csv", "findings.xlsx", "report.json", "night.json",
        "mail.eml",
    }  # fmt: skip
    quiet = compose(result(), replace(SETTINGS, policy=Policy.PROBLEMS))

    assert quiet.letters == ()
    assert quiet.files.keys() == compose(samples.bad(), SETTINGS).files.keys() == wanted
    assert read(quiet.files["mail.eml"])["To"] == "undisclosed:;"
    assert json.loads(quiet.files["night.json"])["tone"] == "good"


OLD, NEW = finding(COMPANY, "Old"), finding(COMPANY, "New", life=Life.NEW)
SLIGHT = finding(COMPANY, "ACME", differences=(Difference.CASE,), targets=(target("Acme"),))
STALE = manifests(AE_USERS=manifest(Collection.AE_USERS, 3, state=State.STALE, cause="file-old"))
DOUBT = Doubt(Collection.HALO_SITES, "parent-emptied", 5, 0, parent="7")


@pytest.mark.parametrize(
    ("night", "on_changes", "on_problems"),
    [
        (result(), False, False),
        (result(OLD), False, True),
        (result(NEW), True, True),
        (result(replace(OLD, life=Life.REOPENED)), True, True),
        (result(resolved=(OLD,)), True, False),
        (result(SLIGHT), False, False),
        (result(manifests=STALE), True, True),
        (result(doubts=(DOUBT,)), True, True),
        (result(doubts=(replace(DOUBT, stops=False),)), False, False),
        (result(run=replace(result().run, died=(7,))), True, True),
        (result(run=replace(result().run, previous=None)), True, False),
        (result(replace(OLD, backlog=True)), False, False),
    ],
)
def test_the_policy_decides_what_is_due_and_doubt_is_always_told(night, on_changes, on_problems):
    assert is_due(night, Policy.ALWAYS)
    assert is_due(night, Policy.CHANGES) is on_changes
    assert is_due(night, Policy.PROBLEMS) is on_problems
