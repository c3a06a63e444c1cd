"""A whole night decided: what is withheld, decided, remembered."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sync.core import guard
from sync.core.decisions import Decision, Verb
from sync.core.judge import Settings, judge
from sync.core.pulls import Answer, State
from sync.core.records import AE_OF, HALO_OF, Collection, Kind
from sync.core.result import Baseline, Finding, Life, Origin, Recollection, RunFacts
from sync.core.verdicts import Outcome
from tests.build import NIGHT, ae, halo, night

COMPANY, LOCATION, COMPUTER, USER = Kind
ACME = (ae(COMPANY, "acme", "Acme"), halo(COMPANY, "1", "Acme"))
BRAVO = (ae(COMPANY, "bravo", "Bravo Ltd"), halo(COMPANY, "2", "Bravo Limited"))
ELSEWHERE = (halo(COMPANY, "9", "Elsewhere"), halo(COMPUTER, "99", "PC-ELSEWHERE", inside="9"))
"""A first list that is empty while its counterpart is not would be doubted."""
YESTERDAY = NIGHT - timedelta(days=1)


def decide(tonight, past=None, answers=None, standing=None):
    past = past or Recollection()
    trust = guard.weigh(tonight, past, answers or {}, standing or {}, guard.Limits())
    return judge(RunFacts(2, NIGHT, "manual/2"), tonight, trust, past, Settings())


def after(result, *decisions, records=()):
    """Remember a judged night as the store would."""
    baselines = {
        c: Baseline(
            c, 1, YESTERDAY,
            {r.id: getattr(r, "company", None) or getattr(r, "client", None) for r in of},
            {r.id: r.name for r in of},
            week_high=len(of),
        )
        for kind in Kind
        for c, of in (
            (AE_OF[kind], [r for r in records if r.kind is kind and hasattr(r, "company")]),
            (HALO_OF[kind], [r for r in records if r.kind is kind and hasattr(r, "client")]),
        )
    }  # fmt: skip
    return Recollection(
        baselines=baselines,
        findings={f.key: f for f in result.findings},
        outcomes={(v.kind, v.ae_id): v.outcome for v in result.verdicts},
        pairs={p.key: p for p in result.pairs_made},
        decisions=decisions,
    )


def decision(verb, ae_id, n=1, **more):
    return Decision(n, verb, COMPANY, "ana", YESTERDAY, "because", ae_id=ae_id, **more)


def outcome_of(result, ae_id):
    return next(v.outcome for v in result.verdicts if v.ae_id == ae_id)


def test_rows_are_ordered_by_the_active_computers_they_cost():
    quiet = [ae(COMPUTER, f"q{i}", f"Q{i}", inside="quiet", seen_days_ago=20) for i in range(30)]
    busy = [ae(COMPUTER, f"b{i}", f"B{i}", inside="busy") for i in range(12)]
    result = decide(
        night(ae(COMPANY, "quiet", "Quiet"), ae(COMPANY, "busy", "Busy"), *quiet, *busy, *ELSEWHERE)
    )

    assert [f.ae_id for f in result.findings] == ["busy", "quiet"]
    assert [(f.impact.computers, f.impact.active) for f in result.findings] == [(12, 12), (30, 0)]


def test_requests_are_counted_when_the_key_may_read_them():
    pc = ae(COMPUTER, "pc", "PC", inside="bravo")

    assert decide(night(*BRAVO, pc, requests={"pc": 9})).findings[0].impact.requests == 9
    assert decide(night(*BRAVO, pc)).findings[0].impact.requests is None
    assert decide(night(*BRAVO)).findings[0].impact.requests is None
    assert decide(night(*BRAVO, requests={})).findings[0].impact.requests == 0


def test_computers_of_an_unlinked_company_are_blocked_and_no_rows_of_their_own():
    result = decide(night(*BRAVO, *ELSEWHERE, ae(COMPUTER, "pc", "PC", inside="bravo")))

    assert outcome_of(result, "pc") is Outcome.BLOCKED
    assert [f.ae_id for f in result.findings] == ["bravo"]


def test_every_record_is_counted_exactly_once():
    result = decide(night(*ACME, *BRAVO, *ELSEWHERE, ae(COMPUTER, "pc", "PC", inside="bravo")))

    assert sum(result.counts.values()) == 3


@pytest.mark.parametrize("state", [State.PARTIAL, State.UNREACHABLE, State.FORBIDDEN, State.STALE])
def test_a_withheld_list_repeats_the_last_good_findings_and_resolves_nothing(state):
    first = decide(night(*ACME, *BRAVO))
    past = after(first, records=[*ACME, *BRAVO])
    result = decide(night(states={Collection.HALO_CLIENTS: state}), past)

    assert [(f.ae_id, f.as_of) for f in result.findings] == [("bravo", YESTERDAY)]
    assert (result.resolved, result.verdicts) == ((), ())
    assert result.counts == {(COMPANY, Outcome.WITHHELD): 2}


def test_an_emptied_halo_says_nothing_about_links():
    first = decide(night(*ACME, *BRAVO))
    past = after(first, records=[*ACME, *BRAVO])
    result = decide(night(ACME[0], BRAVO[0]), past)

    assert [d.code for d in result.doubts] == ["emptied"]
    assert [f.ae_id for f in result.findings] == ["bravo"]


def test_a_client_that_vanished_without_proof_still_links():
    records = [*ACME, *BRAVO, halo(COMPANY, "3", "C"), halo(COMPANY, "4", "D")]
    past = after(decide(night(*records)), records=records)
    without = [r for r in records if r.id != "1"]
    clients = {Collection.HALO_CLIENTS: (ACME[1],)}
    gone = {(Collection.HALO_CLIENTS, "1"): Answer.GONE}

    assert outcome_of(decide(night(*without), past, {}, clients), "acme") is Outcome.LINKED
    assert outcome_of(decide(night(*without), past, gone, clients), "acme") is Outcome.UNLINKED


def test_a_pair_is_made_at_first_sight_and_a_rename_is_news_once():
    past = after(decide(night(*ACME)), records=ACME)
    renamed = night(ae(COMPANY, "acme", "Acme Holding"), ACME[1])
    result = decide(renamed, past)
    later = Recollection(
        pairs=past.pairs, outcomes={(COMPANY, "acme"): Outcome.RENAMED}, baselines=past.baselines
    )

    assert past.pairs[COMPANY, "acme"].origin is Origin.FIRST_SIGHT
    assert ([f.ae_id for f in result.renamed], result.findings) == (["acme"], ())
    assert decide(renamed, later).renamed == ()


def test_a_pair_ends_when_both_ids_are_proven_gone_and_not_before():
    records = [*ACME, *BRAVO, halo(COMPANY, "3", "C")]
    past = after(decide(night(*records)), records=records)
    rest = [r for r in records if r not in ACME]
    standing = {Collection.HALO_CLIENTS: (ACME[1],), Collection.AE_COMPANIES: (ACME[0],)}
    one = {(Collection.HALO_CLIENTS, "1"): Answer.GONE}
    both = {**one, (Collection.AE_COMPANIES, "acme"): Answer.GONE}

    assert decide(night(*rest), past, one, standing).pairs_ended == ()
    assert [why for _, why in decide(night(*rest), past, both, standing).pairs_ended] == [
        "both-gone"
    ]


def test_a_repaired_name_is_ready_until_somebody_confirms_it():
    past = after(decide(night(*BRAVO)), records=BRAVO)
    repaired = night(ae(COMPANY, "bravo", "Bravo Limited"), BRAVO[1])
    confirmed = Recollection(
        baselines=past.baselines, findings=past.findings, outcomes=past.outcomes,
        decisions=(decision(Verb.CONFIRM, "bravo", halo_id="2"),),
    )  # fmt: skip

    assert outcome_of(decide(repaired, past), "bravo") is Outcome.READY
    assert outcome_of(decide(repaired, confirmed), "bravo") is Outcome.LINKED


def test_an_ignored_record_is_counted_and_not_listed():
    past = Recollection(decisions=(decision(Verb.IGNORE, "bravo", facts="unlinked"),))
    result = decide(night(*BRAVO), past)

    assert (outcome_of(result, "bravo"), result.findings) == (Outcome.IGNORED, ())
    assert [f.ae_id for f in result.ignored] == ["bravo"]


def test_an_expired_ignore_comes_back_and_says_so():
    ignore = decision(Verb.IGNORE, "bravo", expires=NIGHT)
    past = Recollection(decisions=(ignore,), outcomes={(COMPANY, "bravo"): Outcome.IGNORED})

    assert [f.life for f in decide(night(*BRAVO), past).findings] == [Life.EXPIRED]


def test_an_ignore_ends_at_once_when_the_facts_change():
    past = Recollection(decisions=(decision(Verb.IGNORE, "bravo", facts="ambiguous"),))

    assert [f.ae_id for f in decide(night(*BRAVO), past).findings] == ["bravo"]


def test_an_accepted_target_stays_open_and_stops_the_suggestions():
    past = Recollection(decisions=(decision(Verb.ACCEPT, "bravo", halo_id="2"),))
    (finding,) = decide(night(*BRAVO), past).findings

    assert finding.accepted is not None
    assert finding.accepted.name == "Bravo Limited"
    assert finding.suggestions == ()


def test_the_opening_backlog_marks_old_rows():
    past = Recollection(decisions=(decision(Verb.BACKLOG, "bravo"),))

    assert [f.backlog for f in decide(night(*BRAVO), past).findings] == [True]


def test_a_finding_keeps_its_age_through_a_withheld_night():
    old = Finding(COMPANY, "bravo", "Bravo Ltd", Outcome.UNLINKED, "L1", since=YESTERDAY)
    past = Recollection(findings={old.key: old})
    result = decide(night(states={Collection.AE_COMPANIES: State.PARTIAL}), past)

    assert [f.since for f in result.findings] == [YESTERDAY]


def test_coverage_counts_computers_and_assets_of_each_linked_pair():
    pc, asset = ae(COMPUTER, "pc", "WS", inside="acme"), halo(COMPUTER, "as", "WS", inside="1")
    extra = halo(COMPUTER, "x", "PRINTER", inside="1")
    (row,) = decide(night(*ACME, pc, asset, extra)).coverage

    assert (row.computers, row.assets, row.linked) == (1, 2, 1)


def test_a_silent_computer_whose_company_is_gone_is_withheld_not_blocked():
    pc, asset = ae(COMPUTER, "pc", "PC", inside="acme"), halo(COMPUTER, "11", "PC", inside="1")
    records = [*ACME, *ELSEWHERE, ae(COMPANY, "els", "Elsewhere"), pc, asset]
    past = after(decide(night(*records)), records=records)
    without = [r for r in records if r not in {ACME[0], pc}]
    answers = {
        (Collection.AE_COMPANIES, "acme"): Answer.GONE,
        (Collection.AE_COMPUTERS, "pc"): Answer.SILENT,
    }
    standing = {Collection.AE_COMPANIES: ACME[:1], Collection.AE_COMPUTERS: (pc,)}
    result = decide(night(*without, ae(COMPUTER, "x", "X", inside="els")), past, answers, standing)

    assert outcome_of(result, "pc") is Outcome.WITHHELD
    assert "pc" not in {f.ae_id for f in result.findings}


def test_an_ignored_finding_carries_the_day_on_which_it_comes_back():
    ends = NIGHT + timedelta(days=90)
    own = decision(Verb.IGNORE, "bravo", expires=ends)
    result = decide(night(*BRAVO), Recollection(decisions=(own,)))

    assert [(f.ae_id, f.ignored_until) for f in result.ignored] == [("bravo", ends)]


def test_a_name_put_right_while_its_company_was_blocked_is_ready_not_linked():
    pc, misnamed = ae(COMPUTER, "pc", "PC", inside="acme"), halo(COMPUTER, "11", "P.C.", inside="1")
    asset = halo(COMPUTER, "11", "PC", inside="1")
    first = decide(night(*ACME, pc, misnamed))
    assert outcome_of(first, "pc") is Outcome.UNLINKED
    blocked = replace(after(first), findings={}, outcomes={(COMPUTER, "pc"): Outcome.BLOCKED})
    opened = replace(blocked, closed=frozenset({(COMPUTER, "pc")}))

    assert outcome_of(decide(night(*ACME, pc, asset), opened), "pc") is Outcome.READY
    assert outcome_of(decide(night(*ACME, pc, asset), blocked), "pc") is Outcome.LINKED
