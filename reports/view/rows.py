"""Turns one finding into one row: who, why, since when, what it costs, what to do."""

from collections.abc import Iterable
from datetime import datetime

from reports.view.marks import compare, hard_to_see
from reports.view.parts import Candidate, Compared, Group, Piece, Row, Severity
from reports.view.prose import joined, prose
from reports.view.recipe import recipe
from reports.view.visible import visible
from sync.core.records import Kind
from sync.core.result import Finding, Impact, Life
from sync.core.verdicts import SLIGHT, Outcome, Suggestion
from sync.words import N_, Saying, Several, Words

LIVES = {Life.NEW: N_("new"), Life.REOPENED: N_("back again"), Life.RESOLVED: N_("resolved")}
SINCE = N_("since {day} ({age})")
SINCE_TODAY = N_("since {day}")
AS_OF = N_("as of {day}")
AGE = Several("{n} day", "{n} days")
ACTIVE_OF = Several("{active} of {n} computer active", "{active} of {n} computers active")
REQUESTS = Several("{n} request in 24 h", "{n} requests in 24 h")
NO_COMPUTERS = N_("no computers")
SILENT = N_("last check-in {day}")
COSTS = {
    Kind.LOCATION: N_("tickets without site"),
    Kind.COMPUTER: N_("tickets without asset"),
    Kind.USER: N_("time entries without owner"),
}
WAITING = Several(
    "Its {n} computer and its locations are judged once it links.",
    "Its {n} computers and its locations are judged once it links.",
)
ALMOST = N_("almost the same name")
TAKEN = N_("already held by another AutoElevate record")
PROVISIONAL = N_("This holds once its company is linked.")
RIVALS = N_("Also claimed by {rivals}.")
IN_HALO = N_("In Halo: {targets}.")
ACCEPTED = N_("{name} was accepted as the right one: rename and link it as below.")


def is_slight(finding: Finding) -> bool:
    """Differs only in case, outer spaces or Unicode form: AutoElevate may well link it."""
    return finding.slight and SLIGHT.issuperset(finding.differences)


def severity(finding: Finding) -> Severity:
    if is_slight(finding) or finding.silent_since:
        return Severity.LOW
    return Severity.HIGH if finding.kind is Kind.COMPANY else Severity.MEDIUM


def row(finding: Finding, words: Words, now: datetime) -> Row:
    """Make the row; nothing in it needs another look-up."""
    steps, paste = recipe(finding, words)
    since = (finding.since or now).astimezone(now.tzinfo)
    days = max(0, (now.date() - since.date()).days)
    return Row(
        finding=finding,
        severity=severity(finding),
        name=_name(finding),
        kind=words.kind(finding.kind),
        outcome=_outcome(finding, words),
        place="" if finding.kind in {Kind.COMPANY, Kind.USER} else visible(finding.company),
        why=_why(finding, words),
        life=words.gettext(LIVES[finding.life]) if finding.life in LIVES else "",
        when=_when(finding, words, now, days),
        age_days=days,
        age=str(words.say(AGE, n=days)),
        cost=cost(finding, words),
        candidates=tuple(
            _candidate(s, words, first=at == 0) for at, s in enumerate(finding.suggestions)
        ),
        compared=_compared(finding, words),
        recipe=steps,
        paste=paste,
        is_slight=is_slight(finding),
    )


def _outcome(finding: Finding, words: Words) -> str:
    """Claim nothing of a name that AutoElevate may take for the same."""
    return words.gettext(ALMOST) if is_slight(finding) else words.outcome(finding.outcome)


def _when(finding: Finding, words: Words, now: datetime, days: int) -> str:
    if finding.as_of:
        return str(words.say(AS_OF, day=words.date(finding.as_of.astimezone(now.tzinfo))))
    day = words.date((finding.since or now).astimezone(now.tzinfo))
    if not days:
        return str(words.say(SINCE_TODAY, day=day))
    return str(words.say(SINCE, day=day, age=str(words.say(AGE, n=days))))


def _name(finding: Finding) -> str:
    if finding.kind is Kind.USER and finding.email and finding.email != finding.name:
        return visible(f"{finding.name} <{finding.email}>" if finding.name else finding.email)
    return visible(finding.name) or "—"


def _why(finding: Finding, words: Words) -> tuple[Piece, ...]:
    sentences = [
        prose(
            words.explain(
                finding.kind,
                finding.outcome,
                finding.why,
                client=finding.client,
                name=finding.name,
                n=len(finding.targets),
            )
        )
    ]
    rivals = sorted(set(finding.rivals) - {finding.name})
    if rivals:
        sentences.append(prose(words.say(RIVALS), words, rivals=rivals))
    if len(finding.targets) > 1:
        targets = [f"{t.name} (#{t.id})" for t in finding.targets]
        sentences.append(prose(words.say(IN_HALO), words, targets=targets))
    if finding.accepted:
        sentences.append(prose(words.say(ACCEPTED, name=finding.accepted.name)))
    if finding.provisional:
        sentences.append(prose(words.say(PROVISIONAL)))
    return joined(sentences, " ")


def cost(finding: Finding, words: Words) -> str:
    """What the row costs, in three or four words."""
    if finding.kind is Kind.COMPANY:
        return impact_words(finding.impact, words)
    if finding.silent_since:
        return str(words.say(SILENT, day=words.date(finding.silent_since)))
    said = words.gettext(COSTS[finding.kind])
    if finding.impact.requests:
        said += ", " + str(words.say(REQUESTS, n=finding.impact.requests))
    return said


def impact_words(impact: Impact, words: Words) -> str:
    if not impact.computers:
        return words.gettext(NO_COMPUTERS)
    said = str(words.say(ACTIVE_OF, n=impact.computers, active=impact.active))
    if impact.requests:
        said += ", " + str(words.say(REQUESTS, n=impact.requests))
    return said


def _candidate(suggestion: Suggestion, words: Words, *, first: bool) -> Candidate:
    codes = {r.code for r in suggestion.reasons}
    sentences = [prose(words.reason(r.code, dict(r.facts))) for r in suggestion.reasons]
    if first and (standing := _standing(suggestion, codes, words)):
        sentences.append(prose(standing))
    return Candidate(
        name=visible(suggestion.name),
        halo_id=suggestion.halo_id,
        grade=words.grade(suggestion.grade),
        grade_code=suggestion.grade,
        reasons=joined(sentences),
        taken=""
        if codes & {"taken", "better-claim"} or not suggestion.taken_by
        else words.gettext(TAKEN),
    )


def _standing(suggestion: Suggestion, codes: set[str], words: Words) -> Saying | None:
    return words.standing(suggestion.grade, codes, suggestion.runner_up, suggestion.margin)


def _compared(finding: Finding, words: Words) -> Compared | None:
    """Set the names side by side where there is one Halo name to compare with."""
    if finding.outcome is not Outcome.UNLINKED:
        return None  # the rule found them identical, an asset perhaps by another of its names
    if finding.accepted:
        theirs = finding.accepted.name
    elif len(finding.targets) == 1:
        theirs = finding.targets[0].name
    elif finding.suggestions and not finding.targets:
        theirs = finding.suggestions[0].name
    else:
        return None
    ours = finding.email if finding.kind is Kind.USER and "@" in theirs else finding.name
    if ours == theirs:
        return None
    marked = compare(ours, theirs)
    return Compared(*marked, words.listing([words.gettext(s) for s in hard_to_see(ours, theirs)]))


def groups(rows: Iterable[Row], words: Words) -> tuple[Group, ...]:
    """Put each company's rows together, in the order of the costliest of each."""
    by_company: dict[str, list[Row]] = {}
    for one in rows:
        by_company.setdefault(one.finding.company_id, []).append(one)
    return tuple(_group(members, words) for members in by_company.values())


def _holds_back(company: Finding) -> bool:
    """Whether what lies below the company waits for it; a near enough name does not hold back."""
    return company.outcome is not Outcome.READY and not is_slight(company)


def _group(rows: list[Row], words: Words) -> Group:
    first = rows[0].finding
    company = next((r for r in rows if r.finding.kind is Kind.COMPANY), None)
    if not first.company_id:
        return Group(
            words.kinds(Kind.USER), words.gettext(COSTS[Kind.USER]), "", tuple(rows), len(rows)
        )
    waiting = ""
    if company and _holds_back(company.finding) and company.finding.impact.computers:
        waiting = str(words.say(WAITING, n=company.finding.impact.computers))
    return Group(
        title=visible(first.company or first.name),
        cost=company.cost if company else "",
        waiting=waiting,
        rows=tuple(sorted(rows, key=lambda r: r.finding.kind is not Kind.COMPANY)),
        total=len(rows),
    )
