"""Prints hostile names everywhere that a name can come to stand: reports, mail, log, terminal."""

import io
import logging
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace

from reports.deliver import Group, ReportSettings, compose
from reports.mailer import Envelope, build
from reports.preview.build import (
    NOW,
    coverage,
    finding,
    impact,
    manifest,
    manifests,
    suggest,
    target,
)
from reports.preview.build import result as night
from reports.render import mail_html, mail_text, page_html
from reports.view import view
from sync.app import logs
from sync.app.matching import Matched
from sync.app.redaction import Redactor
from sync.cli import comparing, matches
from sync.cli.terminal import Terminal
from sync.core.pulls import State, SystemFacts
from sync.core.records import Collection, Kind, Side
from sync.core.result import Doubt, Edition, Finding, Oddity, Origin, Pair, Result, Vanished
from sync.core.verdicts import Outcome, Reason
from sync.errors import SyncError
from sync.store.between import Between, Renamed, Turned
from sync.words import speak

READERS = ReportSettings("halosync@msp.example", groups=(Group(("admin@msp.example",)),))
ENVELOPE = Envelope("halosync@msp.example", ("admin@msp.example",), "", "<1@msp.example>", NOW)
ODD = ("wrong-client", "wrong-company", "duplicate-company", "client-without-company")


LONGEST_SUBJECT = 200
"""Folding a header of many letters takes Python long, and no subject of ours has so many."""


@dataclass(frozen=True)
class Printed:
    """What names became where the same names without anything dangerous become the same."""

    mail: str
    page: str
    text: str
    log: str
    terminal: str


@dataclass(frozen=True)
class Written:
    """What names became where formats differ from what is read: files, letters, JSON."""

    edition: Edition
    subjects: Sequence[bytes]
    """A mail per name, with the name in its subject, where no real subject has one."""
    log_json: str
    terminal_json: str


def printed(names: Sequence[str]) -> Printed:
    seen = view(_night(names), speak("en"))
    return Printed(
        mail_html(seen),
        page_html(seen),
        mail_text(seen),
        "".join(_logged(names, as_json=False)),
        _typed(names, as_json=False),
    )


def written(names: Sequence[str]) -> Written:
    subjects = [f"halosync {name[:LONGEST_SUBJECT]}" for name in names]
    return Written(
        compose(_night(names), READERS),
        [build(ENVELOPE._replace(subject=said), "text", "<p>x</p>") for said in subjects],
        "".join(_logged(names, as_json=True)),
        _typed(names, as_json=True),
    )


def _night(names: Sequence[str]) -> Result:
    """A night in which a name stands wherever a record, a server or a person may put one."""
    found = [_finding(names, i) for i in range(len(names))]
    few, listed = found[:6], names[:6]
    others = [*names[1:], names[0]]
    pair = Pair(Kind.COMPANY, "a", "1", Origin.FLAG, names[0], names[-1])
    facts = SystemFacts(Side.HALO, "1", names[0], names[-1], names[2], notices=(names[1],))
    return night(
        *found,
        *(replace(f, as_of=NOW) for f in few),
        systems={Side.HALO: facts},
        resolved=tuple(few),
        ignored=tuple(few),
        renamed=tuple(replace(f, targets=(target(o),)) for f, o in zip(few, others, strict=False)),
        pairs_ended=((pair, "both-gone"), (pair, "id-reused")),
        vanished=tuple(Vanished(Collection.AE_COMPUTERS, "x", name) for name in listed),
        coverage=tuple(coverage(name, 90, 99, 80 - i) for i, name in enumerate(listed)),
        oddities=tuple(
            Oddity(ODD[i % len(ODD)], Kind.COMPUTER, f"o{i}", name, names[-1 - i], (others[i],))
            for i, name in enumerate(listed)
        ),
        doubts=(Doubt(Collection.HALO_SITES, "parent-emptied", 9, 0, tuple(listed), 99, parent="p",
                      parent_name=names[0], setting="brake.parent_rows"),),
        manifests=manifests(
            HALO_SITES=manifest(
                Collection.HALO_SITES, 3, state=State.PARTIAL, cause="page-shape", detail=names[1],
                login=names[2], scope=names[3], rejected=((names[4], 2),),
            )
        ),
    )  # fmt: skip


def _finding(names: Sequence[str], i: int) -> Finding:
    """The name itself, and five others beside it; every fourth is of another kind."""
    name, count = names[i], len(names)
    kind = list(Kind)[i % 4]
    inside, email, other, rival, near = (names[(i * 7 + k) % count] for k in range(1, 6))
    outcomes = (Outcome.UNLINKED, Outcome.UNLINKED, Outcome.AMBIGUOUS, Outcome.CONTESTED)
    return finding(
        kind, name, ae_id=f"id{i}", company=name if kind is Kind.COMPANY else inside, client=other,
        email=email if kind is Kind.USER else "", outcome=outcomes[i // 4 % 4], rivals=(rival,),
        company_id="" if kind is Kind.USER else f"c{i}", impact=impact(9, 9, 2),
        targets=(target(near, "8"), target(other, "9")) if i // 4 % 4 == 2 else (),
        accepted=target(near, "7") if i % 9 == 0 else None,
        suggestions=(
            suggest(near, reasons=_reasons(other, rival), taken_by=rival if i % 5 == 0 else None),
            suggest(other, halo_id="72"),
        ),
    )  # fmt: skip


def _reasons(one: str, other: str) -> tuple[Reason, ...]:
    return (Reason("spelling", (("ae", one), ("halo", other))),)


def _logged(names: Sequence[str], *, as_json: bool) -> Iterator[str]:
    layout = logs.LineFormatter(Redactor(), as_json=as_json)
    for name in names:
        message = ("%s is not linked", (name,))
        record = logging.LogRecord("halosync", logging.WARNING, "", 0, *message, None)
        record.created = NOW.timestamp()
        yield layout.format(record) + "\n"


def _typed(names: Sequence[str], *, as_json: bool) -> str:
    """What the commands print of the names, as the bytes that reach the terminal."""
    held = io.BytesIO()
    with io.TextIOWrapper(held, "utf-8", newline="", write_through=True) as stream:
        with redirect_stdout(stream), redirect_stderr(stream):
            _speak(Terminal(as_json=as_json), names)
        return held.getvalue().decode()


def _speak(terminal: Terminal, names: Sequence[str]) -> None:
    found = [
        Matched("1", name, (suggest(other, reasons=_reasons(name, other)),))
        for name, other in zip(names, names[::-1], strict=True)
    ]
    between = _between(names)
    if terminal.as_json:
        terminal.document("match", names=matches.document(found))
        terminal.document("diff", **comparing._document(1, 2, between))
    else:
        cells = (str(cell) for row in matches.rows(found) for cell in row)
        for line in (*cells, *comparing._lines(between)):
            terminal.say(line)
    for name in names:
        terminal.note(f"noted: {name}")
        terminal.error(SyncError(f"nothing is called {name}", hint=f"is it {name}?"))


def _between(names: Sequence[str]) -> Between:
    found = tuple(_finding(names, i) for i in range(len(names)))
    renamed = tuple(
        Renamed(Kind.COMPANY, "x", (name, other), (other, name))
        for name, other in zip(names, names[::-1], strict=True)
    )
    turned = tuple(Turned(f, Outcome.READY) for f in found[:3])
    return Between(found, found[:3], found[:3], turned, renamed, 0)
