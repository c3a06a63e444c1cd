"""One whole night over real sockets, as an admin's cron runs it: two systems, a file, a mailbox.

Truth comes from the sandbox's hidden list, never from halosync's own tables.
"""

import csv
import email
from dataclasses import fields
from email import policy
from pathlib import Path

import pytest

from sync.app.reading import open_store
from sync.cli.entry import perform
from sync.cli.terminal import Terminal
from sync.core.records import Kind
from sync.core.verdicts import Outcome
from sync.sandbox.serve import describe, prepare
from sync.sandbox.switches import AeSwitches, HaloSwitches

ODD_HALO = HaloSwitches(
    limit="500/180",
    limit_body="text",
    retry_after="date",
    token_counted=False,
    caps="50",
    offset_from="asked",
    flags_omitted="all",
    unpaged="everything",
    pageinate_false="honoured",
    past_end="total",
    agent_envelope="results",
    agent_paging="honoured",
    last_update="filters",
    expires_in=300,
    app_scopes=frozenset({"read:customers", "read:assets", "read:tickets"}),
    invalid_scope_status=401,
    no_scope_status=403,
    denied_body="html",
    wrong_tenant="401",
    tenant_from="form",
    login_status=500,
    refresh_token=True,
    id_token=True,
    view_all_level=2,
    claims="names",
    applications="readable",
    names_only_rows="full",
    names_only_inactive="present",
    agents_without_scope="open",
    invisible_by_id=403,
    site_client_id="float",
    dates="z",
    ticket_status=200,
    created_by="empty",
    date_filter="ignored",
    bare_ticket="accepted",
)
ODD_AE = AeSwitches(
    scopes=frozenset({"companyView", "locationView", "computerView", "requestView"}),
    clock_skew_ms=60_000,
    over_take="capped",
    window_by_id=True,
    nulls=True,
    unknown_mode=True,
    extra_fields=True,
    hourly=None,
    other_consumers=7,
    retry_after=False,
    alias_own_bucket=True,
    invisible_by_id=404,
    checks="429-first",
    audit="forbidden",
    diff="email",
    deprecated=True,
)
REFUSES = {
    "login", "broken", "clients_access", "assets_access", "names_only_sites", "read_assets_enough",
    "default_team", "without_team", "order", "key_state", "burst", "computers_beyond_key", "linking", "odd_names", "null_seen_listed",
}  # fmt: skip
"""Switches whose other setting changes which rows are seen: each has tests of its own."""


@pytest.fixture
def sandbox(tmp_path):
    with prepare(tmp_path, seed=11, companies=70, computers=400) as served:
        served.described = describe(served, tmp_path)
        yield served


def run_once(sandbox):
    config = sandbox.described["config"]
    code = perform(["run", "-c", config])
    with open_store(Terminal(config=config).installation()) as store:
        return code, store.verdicts(), store.open_findings()


def exact_links(verdicts):
    return {
        (v.kind.value, v.ae_id, v.halo_id)
        for v in verdicts
        if v.outcome is Outcome.LINKED and not v.provisional
    }


def truth(sandbox):
    return list(csv.DictReader(Path(sandbox.described["truth_file"]).read_text().splitlines()))


def pairs(rows):
    return {(r["kind"], r["ae_id"], r["halo_id"]) for r in rows}


def true_links(sandbox):
    return pairs(r for r in truth(sandbox) if r["linkable"] == "true")


def test_with_the_defaults_no_exact_link_is_wrong_or_missed(sandbox):
    code, verdicts, _ = run_once(sandbox)

    assert code == 0
    assert exact_links(verdicts) == true_links(sandbox)
    assert len(true_links(sandbox)) > 100


def test_with_every_switch_off_its_default_the_links_are_the_same(sandbox):
    sandbox.halo.configure(ODD_HALO)
    sandbox.autoelevate.configure(ODD_AE)
    code, verdicts, findings = run_once(sandbox)

    assert code == 0
    nameless = {f.ae_id for f in findings.values() if not f.name.strip()}
    linked = exact_links(verdicts)
    assert linked <= pairs(truth(sandbox))
    assert {row for row in true_links(sandbox) - linked if row[1] not in nameless} == set()


@pytest.mark.parametrize(("odd", "default"), [(ODD_HALO, HaloSwitches()), (ODD_AE, AeSwitches())])
def test_the_odd_night_really_has_every_harmless_switch_off_its_default(odd, default):
    same = {f.name for f in fields(odd) if getattr(odd, f.name) == getattr(default, f.name)}

    assert same - REFUSES <= {"agents_without_scope"}


def test_the_mail_arrives_with_its_parts_and_the_page_lies_in_the_archive(sandbox, tmp_path):
    run_once(sandbox)
    (mail,) = sandbox.inbox.mails
    message = email.message_from_bytes(mail.body, policy=policy.default)
    types = [part.get_content_type() for part in message.walk()]

    assert types[:4] == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html"]
    assert any(t.endswith("sheet") for t in types)
    assert (tmp_path / "archive" / "000001" / "index.html").is_file()


def test_every_autoelevate_record_has_exactly_one_verdict(sandbox):
    _, verdicts, _ = run_once(sandbox)
    judged = [(v.kind.value, v.ae_id) for v in verdicts]

    assert sorted(judged) == sorted((r["kind"], r["ae_id"]) for r in truth(sandbox))
    assert {v.kind for v in verdicts} == set(Kind)


def test_a_second_identical_night_says_nothing_new(sandbox):
    run_once(sandbox)
    _, before, _ = run_once(sandbox)
    first, second = (
        email.message_from_bytes(m.body, policy=policy.default) for m in sandbox.inbox.mails
    )

    assert "new" not in second["subject"]
    assert first["message-id"] != second["message-id"]
    assert len(before) > 100
