"""The numbers beside the rows: all outcomes by kind, coverage of each client, the trend."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from reports.view.parts import CoverageRow, Fact, Tally, Trend, TrendNight
from reports.view.visible import visible
from sync.core.records import Kind
from sync.core.result import Coverage, Finding, Result, TrendPoint
from sync.core.verdicts import Outcome
from sync.words import N_, Words

LINKED_OUTCOMES = frozenset({Outcome.LINKED, Outcome.RENAMED})
COVERED = N_(
    "{percent} of the assets of linked clients have their computer in AutoElevate. "
    "Without an AutoElevate check-in within 30 days: {silent}. "
    "Computers unknown to Halo: {unknown}."
)
BACKLOG = N_(
    "Opening backlog, accepted earlier and not listed here: {before} in the last report, {now} now."
)
TREND = N_("Open findings: {now} now; {nights} nights ago, {before}.")
LINKED = N_("Link by name: {now} now; {nights} nights ago, {before}.")


def tallies(result: Result, words: Words) -> tuple[Tally, ...]:
    """Every AutoElevate record is counted once, the ignored and the withheld too."""
    found = []
    for kind in Kind:
        counts = Counter({o: n for (k, o), n in result.counts.items() if k is kind})
        if counts.total():
            found.append(_tally(words.kinds(kind), counts, words))
    return tuple(found)


def _tally(kind: str, counts: Counter[Outcome], words: Words) -> Tally:
    total = counts.total()
    opened = sum(n for outcome, n in counts.items() if outcome.is_open)
    linked = sum(n for outcome, n in counts.items() if outcome in LINKED_OUTCOMES)
    blocked = counts[Outcome.BLOCKED]
    shown = (total, opened, linked, blocked, total - opened - linked - blocked)
    return Tally(kind, *(words.number(n) if n else "·" for n in shown))


def numbers(
    result: Result, findings: Sequence[Finding], words: Words, today: date
) -> tuple[Fact, ...]:
    """Three or four figures under the headline, none of which the headline has told."""
    fine = sum(n for (_, o), n in result.counts.items() if o in LINKED_OUTCOMES)
    ignored = sum(n for (_, o), n in result.counts.items() if o is Outcome.IGNORED)
    told = [Fact(words.gettext(N_("open")), words.number(len(findings)))]
    starts = [f.since for f in findings if f.since]
    days = max((today - start.date()).days for start in starts) if starts else 0
    if days > 0:
        told.append(Fact(words.gettext(N_("days, the oldest")), words.number(days)))
    if fine:
        share = words.percent(fine, sum(result.counts.values()))
        told.append(Fact(words.gettext(N_("of all records link by name")), share))
    if ignored:
        told.append(Fact(words.gettext(N_("ignored")), words.number(ignored)))
    return tuple(told)


def coverage(pairs: Iterable[Coverage], words: Words) -> tuple[CoverageRow, ...]:
    """Worst covered first; equal shares by the number of assets without a computer."""
    ordered = sorted(
        pairs,
        key=lambda c: (c.linked / c.assets if c.assets else 1.0, c.linked - c.assets, c.company_id),
    )
    return tuple(_covered(pair, words) for pair in ordered)


def _covered(pair: Coverage, words: Words) -> CoverageRow:
    percent = pair.linked * 100 // pair.assets if pair.assets else 100
    return CoverageRow(
        company=visible(pair.company),
        client=visible(pair.client),
        percent=percent,
        percent_text=words.percent(pair.linked, pair.assets) if pair.assets else "–",
        assets=words.number(pair.assets),
        computers=words.number(pair.computers),
        linked=words.number(pair.linked),
        silent=words.number(max(0, pair.assets - pair.linked)),
        unknown=words.number(max(0, pair.computers - pair.linked)),
        source=pair,
    )


def coverage_sentence(pairs: Sequence[Coverage], words: Words) -> str:
    if not pairs:
        return ""
    assets, linked = sum(c.assets for c in pairs), sum(c.linked for c in pairs)
    said = words.say(
        COVERED,
        percent=words.percent(linked, assets),
        silent=assets - linked,
        unknown=sum(c.computers for c in pairs) - linked,
    )
    return str(said)


def backlog_sentence(result: Result, words: Words) -> str:
    """One line for all that was known before halosync: how much is left of it."""
    left = sum(f.backlog for f in result.findings)
    fixed = sum(f.backlog for f in result.resolved)
    if not left and not fixed:
        return ""
    return str(words.say(BACKLOG, before=left + fixed, now=left))


def trend(points: Sequence[TrendPoint], words: Words, most: int = 90) -> Trend:
    """The last ninety nights, and what changed over thirty and ninety of them."""
    recent = points[-most:]
    nights = tuple(
        TrendNight(
            day=words.day(p.day),
            open=p.open,
            open_text=words.number(p.open),
            linked_percent=p.linked * 100 // p.records if p.records else 0,
            withheld=p.withheld,
            when=p.day,
        )
        for p in recent
    )
    sentences = [
        sentence
        for span in (30, 90)
        if len(recent) >= span
        for sentence in _change(recent, span, words)
    ]
    return Trend(nights, max((p.open for p in recent), default=0), tuple(sentences))


def _change(points: Sequence[TrendPoint], span: int, words: Words) -> tuple[str, str]:
    now, then = points[-1], points[-span]
    return (
        str(words.say(TREND, now=now.open, before=then.open, nights=span)),
        str(
            words.say(
                LINKED,
                now=words.percent(now.linked, now.records),
                before=words.percent(then.linked, then.records),
                nights=span,
            )
        ),
    )
