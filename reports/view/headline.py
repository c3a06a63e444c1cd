"""The first screen: what it costs now, what is new, whether tonight's data can be believed.

No sentence here claims that something *is not linked*: by name it will not be, and that is all
that can be known.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

from reports.view.moment import local, started
from reports.view.parts import Headline
from reports.view.rows import is_slight
from sync.core.pulls import State
from sync.core.records import Kind, Side
from sync.core.result import Finding, Life, Result
from sync.core.verdicts import Outcome
from sync.words import N_, Several, Words

COMPANIES = Several(
    "{n} company with {active} will not link by name.",
    "{n} companies with {active} will not link by name.",
)
ACTIVE = Several("{n} active computer", "{n} active computers")
LOST = Several(
    "It raises no tickets, unless it was linked by hand before.",
    "They raise no tickets, unless they were linked by hand before.",
)
REQUESTS = Several(
    "{n} elevation request was made there in the last 24 hours.",
    "{n} elevation requests were made there in the last 24 hours.",
)
READY = Several(
    "{n} company is ready to be linked: tick it in AutoElevate and choose Actions › Link.",
    "{n} companies are ready to be linked: tick them in AutoElevate and choose Actions › Link.",
)
ALL_COMPANIES = N_("Every company links by name.")
STILL = N_("Still open: {kinds}.")
ALL = N_("Everything links by name: {kinds}.")
NOTHING = N_("Nothing is open.")
NOT_JUDGED = N_("Companies could not be judged tonight: below is what was known before.")
UNREACHABLE = {
    Side.AE: N_("AutoElevate could not be read tonight: below is what was known before."),
    Side.HALO: N_("Halo could not be read tonight: below is what was known before."),
}

NEWS = N_("Since the last report: {changes}.")
FIRST = N_("This is the first report: everything in it is listed for the first time.")
NEW = Several("{n} new", "{n} new")
REOPENED = Several("{n} back again", "{n} back again")
RESOLVED = Several("{n} resolved", "{n} resolved")
UNCHANGED = N_("Nothing has changed since the last report.")
UNTOLD = N_("What is new and what is resolved cannot be told tonight.")
OPEN = Several("{n} open", "{n} open")
OLDEST = N_("oldest {n} d")

TRUST = Several(
    "Tonight’s data is complete: {n} list, each read to the last record.",
    "Tonight’s data is complete: {n} lists, each read to the last record.",
)
DOUBT = Several(
    "{n} of {of} lists cannot be believed tonight: {lists}. "
    "What depends on it is shown as last known.",
    "{n} of {of} lists cannot be believed tonight: {lists}. "
    "What depends on them is shown as last known.",
)
PARENTS = N_("Part of a list cannot be believed tonight: see “What to check first”.")


def headline(result: Result, findings: Sequence[Finding], words: Words) -> Headline:
    """Write the first screen for the findings this reader gets."""
    sentence, cost, tone = _state_of_things(result, findings, words)
    trusted = not result.withheld and not any(d.stops for d in result.doubts)
    return Headline(
        sentence=sentence,
        cost=cost,
        news=_news(result, findings, words),
        trust=_trust(result, words),
        trusted=trusted,
        tone=tone if trusted else "doubt",
    )


def _state_of_things(
    result: Result, findings: Iterable[Finding], words: Words
) -> tuple[str, str, str]:
    judged = [f for f in findings if f.as_of is None and not f.backlog and not is_slight(f)]
    companies = [f for f in judged if f.kind is Kind.COMPANY]
    stuck = [f for f in companies if f.outcome is not Outcome.READY]
    ready = words.say(READY, n=len(companies) - len(stuck)) if len(stuck) < len(companies) else ""
    if stuck:
        active = sum(f.impact.active for f in stuck)
        many = str(words.say(COMPANIES, n=len(stuck), active=str(words.say(ACTIVE, n=active))))
        cost = [words.say(LOST, n=len(stuck)), _requests(stuck, words), ready]
        return many, _sentences(cost), "cost"
    if (unread := _unread_side(result)) is not None:
        return words.gettext(UNREACHABLE[unread]), "", "doubt"
    if _companies_withheld(result):
        return words.gettext(NOT_JUDGED), "", "doubt"
    return _all_well(result, judged, companies, words)


def _all_well(
    result: Result, judged: Sequence[Finding], companies: Sequence[Finding], words: Words
) -> tuple[str, str, str]:
    if companies:
        return str(words.say(READY, n=len(companies))), "", "cost"
    if judged:
        still = words.say(STILL, kinds=_counted(Counter(f.kind for f in judged), words))
        return words.gettext(ALL_COMPANIES), str(still), "good"
    fine = {Outcome.LINKED, Outcome.RENAMED}
    linked = Counter[Kind]()
    for (kind, outcome), n in result.counts.items():
        linked[kind] += n if outcome in fine else 0
    if not linked.total():
        return words.gettext(NOTHING), "", "good"
    return str(words.say(ALL, kinds=_counted(linked, words))), "", "good"


def _counted(counts: Counter[Kind], words: Words) -> str:
    return words.listing([words.counted(kind, counts[kind]) for kind in Kind if counts[kind]])


def _requests(companies: Iterable[Finding], words: Words) -> str:
    """Only where the key may read requests, and there were any."""
    n = sum(f.impact.requests or 0 for f in companies)
    return str(words.say(REQUESTS, n=n)) if n else ""


def _sentences(parts: Iterable[object]) -> str:
    return " ".join(str(part) for part in parts if str(part))


def _unread_side(result: Result) -> Side | None:
    """The system of which not one configured list could be reached."""
    for side in Side:
        states = [m.state for m in result.manifests if m.collection.side is side]
        asked = [s for s in states if s is not State.OFF]
        if asked and all(s is State.UNREACHABLE for s in asked):
            return side
    return None


def _companies_withheld(result: Result) -> bool:
    return any(m.collection.kind is Kind.COMPANY for m in result.withheld)


def _news(result: Result, findings: Iterable[Finding], words: Words) -> str:
    if result.run.previous is None:
        return words.gettext(FIRST)
    parts = changes(result, findings, words)
    if not parts:
        return words.gettext(UNTOLD if result.withheld else UNCHANGED)
    return str(words.say(NEWS, changes=words.listing(parts)))


def changes(result: Result, findings: Iterable[Finding], words: Words) -> list[str]:
    """List "1 new", "2 back again", "1 resolved": only those that are not zero."""
    lives = Counter(f.life for f in findings if f.as_of is None)
    counts = (
        (NEW, lives[Life.NEW]),
        (REOPENED, lives[Life.REOPENED]),
        (RESOLVED, len(result.resolved)),
    )
    return [str(words.say(said, n=n)) for said, n in counts if n]


def subject(result: Result, findings: Sequence[Finding], words: Words) -> str:
    """Date and counts, so that no two nights fall into one thread of the mail program."""
    parts = changes(result, findings, words)
    parts.append(str(words.say(OPEN, n=len(findings))))
    today = started(result.run).date()
    line = f"{today}: {', '.join(parts)}"
    starts = [f.since for f in findings if f.since]
    if starts:
        days = max(0, (today - local(min(starts), result.run).date()).days)
        line += f" ({words.say(OLDEST, n=days)})" if days else ""
    if result.withheld:
        line += " – " + words.gettext(N_("not all data could be believed"))
    return line


def _trust(result: Result, words: Words) -> str:
    bad = result.withheld
    asked = [m for m in result.manifests if m.state is not State.OFF]
    if bad:
        lists = words.listing([words.collection(m.collection) for m in bad])
        return str(words.say(DOUBT, n=len(bad), of=len(asked), lists=lists))
    if any(d.stops for d in result.doubts):
        return words.gettext(PARENTS)
    return str(words.say(TRUST, n=len(asked)))
