"""`explain`: every rule, every candidate and every decision about one record, read offline."""

from typing import TYPE_CHECKING, Any

import click

from sync.cli.decisions import KINDS
from sync.cli.options import verb
from sync.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.app.explaining import Told
    from sync.core.case import Candidate
    from sync.core.explain import Explanation, Step, Way
    from sync.core.verdicts import Verdict

STEPS = {
    "company-links": "its company {company} links to the client {client}",
    "company-nearly-links": "its company {company} differs only slightly from the client {client}",
    "company-not-linked": "its company {company} does not link ({outcome})",
    "company-not-visible": "its company is not visible to this AutoElevate key",
    "pair": "known as linked by id with {halo}; a rename does not end that",
    "pair-lost": "known as linked by id with {halo}, which Halo no longer lists",
    "no-pair": "not known as linked by id",
    "nothing-to-compare": "AutoElevate holds no text to compare",
    "placeholder": "{text} is a placeholder that a script left behind",
    "identical": "{n} active and {inactive} inactive Halo records answer to exactly {text}",
    "identical-elsewhere": "{n} of the same name belong to another client: {clients}",
    "claimed-by-others": "the same Halo record is claimed by {rivals}",
    "was-open": "it was open before, so AutoElevate did not link it by itself",
    "tickets": "AutoElevate raised {n} tickets for {client} within {days} days, the last on {last}:"
    " some company is linked to it",
    "no-tickets": "no ticket of AutoElevate for {client} within {days} days, which proves nothing",
    "ignored": "a decision of {by} leaves it out: {reason}",
}
AGAINST = {
    "rejected": "rejected by a decision",
    "taken": "another record holds it",
    "inactive": "inactive in Halo",
    "other-client": "belongs to another client",
    "too-weak": "too little in common to be suggested",
    "not-among-best": "better candidates were suggested",
}
WAYS = {
    "rename": "give it exactly this text: {to} (Halo id {id})",
    "rename-if": "only if the two are the same: give it exactly this text: {to} (Halo id {id})",
    "merge": "{halo} already belongs to another AutoElevate record: if the two are the same,"
    " merge them",
    "no-counterpart": "no candidate is free: create it in Halo, or name the right one with"
    " `halosync decide accept`",
    "rename-namesakes": "leave only one of the {n} Halo records with that name",
    "reactivate": "reactivate the record in Halo, or give it the name of an active one",
    "settle-claims": "merge or rename the other AutoElevate records that claim the same one",
    "allow-many": "if several companies share the client on purpose: linking.allow_many_to_one",
    "company-first": "link its company {company} first: `halosync explain company` tells how",
    "link-by-hand": "then tick its row in AutoElevate and choose Action > Link",
    "confirm": "if AutoElevate shows True already: `halosync decide confirm`",
    "forget": "`halosync decide forget` takes a decision back",
}


@verb()
@click.argument("kind", type=KINDS)
@click.argument("record", metavar="NAME-OR-ID")
def explain(terminal: Terminal, kind: str, record: str) -> None:
    """Why a record has its verdict: rules, candidates, decisions, and what would make it link.

    Read from the last published run; nothing is asked of either system.
    """
    from sync.app.explaining import explain_record

    here = terminal.installation()
    terminal.start_logging()
    told = explain_record(here, kind, record)
    if terminal.as_json:
        terminal.document("explain", **_document(told))
        return
    for line in _lines(told):
        terminal.say(line)


def _fill(table: dict[str, str], one: "Step | Way") -> str:
    from sync.app.logs import one_line

    facts = {name: one_line(str(value)) for name, value in one.facts}
    return table[one.code].format(**facts)


def _lines(told: "Told") -> "Iterator[str]":
    from sync.app.logs import one_line
    from sync.words import speak

    words, e = speak("en"), told.explanation
    where = f", in {one_line(e.company)}" if e.company else ""
    yield f"{words.kind(e.record.kind)} {one_line(e.record.name)} ({e.record.id}){where}"
    said = words.outcome(e.published.outcome) if e.published else "not judged"
    yield f"Run {told.run.id} said: {said}"
    if told.finding and told.finding.as_of:
        yield f"  its lists are not believed; that is the verdict of {told.finding.as_of:%Y-%m-%d}"
    if e.published is None or e.now.outcome is not e.published.outcome:
        yield f"With what was decided and configured since: {words.outcome(e.now.outcome)}"
    yield ""
    for step in e.steps:
        yield f"  {step.rule} {'yes' if step.holds else 'no ':<3}  {_fill(STEPS, step)}"
    yield from _candidate_lines(e)
    yield from _decision_lines(e)
    if e.ways:
        yield "\nWhat would make it link:"
        yield from (f"  - {_fill(WAYS, way)}" for way in e.ways)


def _candidate_lines(e: "Explanation") -> "Iterator[str]":
    from sync.app.logs import one_line
    from sync.words import speak

    words = speak("en")
    yield "\nCandidates:" if e.candidates else "\nNo Halo record was worth weighing."
    best = next((c for c in e.candidates if c.grade), None)
    for c in e.candidates:
        grade = words.grade(c.grade) if c.grade else "same name"
        place = f" of {one_line(c.target.client)}" if c.target.client else ""
        yield f"  {c.score:.2f} {grade}: {one_line(c.target.name)} ({c.target.id}){place}"
        said = [words.reason(r.code, dict(r.facts)) for r in c.reasons]
        if c is best:
            codes = {r.code for r in c.reasons}
            standing = words.standing(c.grade or "", codes, c.runner_up, c.margin)
            said += [standing] if standing else []
        yield f"       for: {'; '.join(one_line(str(sentence)) for sentence in said)}"
        if c.against:
            yield f"       against: {'; '.join(AGAINST[code] for code in c.against)}"


def _decision_lines(e: "Explanation") -> "Iterator[str]":
    from sync.app.logs import one_line

    if e.pair:
        made = f" on {e.pair.made:%Y-%m-%d}" if e.pair.made else ""
        names = f"{one_line(e.pair.ae_name)} = {one_line(e.pair.halo_name)}"
        yield f"\nPair: {names} (Halo id {e.pair.halo_id}), {e.pair.origin.value}{made}"
    if e.decisions:
        yield "\nDecided about it:"
    for d, counts in e.decisions:
        to = f" -> {one_line(d.names[1] or d.halo_id)}" if d.halo_id else ""
        until = f", until {d.expires:%Y-%m-%d}" if d.expires else ""
        state = "counts" if counts else "no longer counts"
        told = f"{one_line(d.reason)}; {one_line(d.actor)}, {d.at:%Y-%m-%d}{until}"
        yield f"  {d.id} {d.verb.value}{to}: {state} ({told})"


def _document(told: "Told") -> dict[str, Any]:
    e = told.explanation
    withheld = told.finding.as_of if told.finding else None
    return {
        "run_id": told.run.id,
        "kind": e.record.kind.value,
        "id": e.record.id,
        "name": e.record.name,
        "company": e.company,
        "client": e.client,
        "reported": _verdict(e.published) if e.published else None,
        "as_of": withheld.isoformat() if withheld else None,
        "now": _verdict(e.now),
        "steps": [s._asdict() | {"facts": dict(s.facts)} for s in e.steps],
        "candidates": [_candidate(c) for c in e.candidates],
        "pair": {"halo_id": e.pair.halo_id, "origin": e.pair.origin.value} if e.pair else None,
        "decisions": [
            {"id": d.id, "verb": d.verb.value, "halo_id": d.halo_id, "counts": counts}
            for d, counts in e.decisions
        ],
        "ways": [{"code": w.code, "facts": dict(w.facts)} for w in e.ways],
    }


def _verdict(verdict: "Verdict") -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "rule": verdict.rule,
        "halo_id": verdict.halo_id,
        "rivals": list(verdict.rivals),
        "differences": [d.value for d in verdict.differences],
        "provisional": verdict.provisional,
        "why": verdict.why,
    }


def _candidate(c: "Candidate") -> dict[str, Any]:
    return {
        "id": c.target.id,
        "name": c.target.name,
        "client": c.target.client,
        "score": round(c.score, 4),
        "grade": c.grade.value if c.grade else None,
        "margin": c.margin,
        "runner_up": c.runner_up,
        "reasons": [{"code": r.code, "facts": dict(r.facts)} for r in c.reasons],
        "against": list(c.against),
    }
