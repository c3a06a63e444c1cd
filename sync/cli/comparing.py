"""`diff`: what is new, resolved, reopened, otherwise judged or renamed between two runs."""

from typing import TYPE_CHECKING, Any

import click

from sync.cli.options import verb
from sync.cli.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sync.core.result import Finding
    from sync.store import Between

RUN = click.IntRange(min=1)


@verb()
@click.argument("one", metavar="RUN", type=RUN)
@click.argument("other", metavar="RUN", type=RUN)
def diff(terminal: Terminal, one: int, other: int) -> None:
    """What changed between two published runs, the older one first whatever the order."""
    from sync.app.reading import open_store

    here = terminal.installation()
    terminal.start_logging()
    older, newer = sorted((one, other))
    with open_store(here) as store:
        found = store.between(older, newer)
    if terminal.as_json:
        terminal.document("diff", **_document(older, newer, found))
        return
    terminal.say(
        f"From run {older} to run {newer}: {len(found.new)} new, {len(found.reopened)} reopened, "
        f"{len(found.resolved)} resolved, {len(found.renamed)} renamed, "
        f"{found.still_open} still open"
    )
    for line in _lines(found):
        terminal.say(line)


def _lines(found: "Between") -> "Iterator[str]":
    from sync.app.logs import one_line
    from sync.words import speak

    words = speak("en")
    groups = (("New", found.new), ("Reopened", found.reopened), ("Resolved", found.resolved))
    for title, findings in groups:
        if findings:
            yield f"\n{title}"
        for f in findings:
            yield f"  {_named(f)}: {words.outcome(f.outcome)}"
    if found.turned:
        yield "\nStill open, judged otherwise"
    for turned in found.turned:
        was, now = words.outcome(turned.before), words.outcome(turned.finding.outcome)
        yield f"  {_named(turned.finding)}: {was} -> {now}"
    if found.renamed:
        yield "\nRenamed, and still linked"
    for renamed in found.renamed:
        (ours, theirs), (ours_now, theirs_now) = renamed.names_before, renamed.names
        told = [
            f"{system} {one_line(was)} -> {one_line(now)}"
            for system, was, now in (("AutoElevate", ours, ours_now), ("Halo", theirs, theirs_now))
            if was != now
        ]
        yield f"  {words.kind(renamed.kind)}: {', '.join(told)}"


def _named(finding: "Finding") -> str:
    from sync.app.logs import one_line
    from sync.words import speak

    inside = finding.company if finding.company_id != finding.ae_id else ""
    place = f" in {one_line(inside)}" if inside else ""
    return f"{speak('en').kind(finding.kind)} {one_line(finding.name)}{place}"


def _document(older: int, newer: int, found: "Between") -> dict[str, Any]:
    return {
        "older": older,
        "newer": newer,
        "new": [_row(f) for f in found.new],
        "reopened": [_row(f) for f in found.reopened],
        "resolved": [_row(f) for f in found.resolved],
        "turned": [_row(t.finding) | {"before": t.before.value} for t in found.turned],
        "renamed": [
            {
                "kind": r.kind.value,
                "id": r.ae_id,
                "before": {"autoelevate": r.names_before[0], "halo": r.names_before[1]},
                "now": {"autoelevate": r.names[0], "halo": r.names[1]},
            }
            for r in found.renamed
        ],
        "still_open": found.still_open,
    }


def _row(finding: "Finding") -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "id": finding.ae_id,
        "name": finding.name,
        "company": finding.company,
        "outcome": finding.outcome.value,
        "since": finding.since.isoformat() if finding.since else None,
    }
