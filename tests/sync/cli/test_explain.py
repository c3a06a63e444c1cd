"""`explain` tells for every reported row the same verdict as the report, with the network off."""

import socket

import pytest

from sync.app.explaining import explain_record, saved
from sync.cli.terminal import Terminal
from sync.core.explain import explain

ELSEWHERE = {"too-weak", "not-among-best"}


@pytest.fixture
def offline(home, monkeypatch):
    """An installation after its first run, whose network is gone."""
    assert home.type("run")[0] in {0, 3}

    def refuse(*_args, **_kwargs):
        pytest.fail("explain reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    return home


def test_every_reported_row_is_explained_with_the_report_s_own_verdict_and_candidates(offline):
    world = saved(Terminal(config=str(offline.config)).installation())
    told = {key: explain(key, world.snapshot) for key in world.findings}

    assert told
    assert all(e.now == e.published for e in told.values())
    for key, finding in world.findings.items():
        weighed = {
            c.target.id: (c.grade, c.score, c.margin, c.reasons)
            for c in told[key].candidates
            if not ELSEWHERE & set(c.against)
        }
        shown = {s.halo_id: (s.grade, s.score, s.margin, s.reasons) for s in finding.suggestions}
        assert shown.items() <= weighed.items()


def test_a_row_is_explained_for_people(offline):
    here = Terminal(config=str(offline.config)).installation()
    row = next(f for f in saved(here).findings.values() if f.kind == "company" and f.suggestions)
    code, out, _ = offline.type("explain", "company", row.ae_id)

    assert code == 0
    assert row.suggestions[0].name in out
    assert "What would make it link" in out
    assert "withheld" not in out


def test_a_row_is_explained_for_machines(offline):
    here = Terminal(config=str(offline.config)).installation()
    row = next(f for f in saved(here).findings.values() if f.kind == "company")
    code, told = offline.ask("explain", "company", row.ae_id)

    assert (code, told["id"], told["now"]) == (0, row.ae_id, told["reported"])
    assert told["reported"]["outcome"] == row.outcome


def test_a_linked_record_is_explained_too(offline):
    here = Terminal(config=str(offline.config)).installation()
    key = next(k for k, v in saved(here).snapshot.published.items() if v.outcome == "linked")

    assert explain_record(here, *key).explanation.now.outcome == "linked"


def test_before_the_first_run_there_is_nothing_to_explain(home):
    code, _, err = home.type("explain", "company", "Acme")

    assert code != 0
    assert "->" in err
