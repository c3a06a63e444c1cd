"""The footer that lets a reader believe the rest: manifests, doubts, notices, which run this is."""

from collections.abc import Iterator

from reports.view import evidence, flags
from reports.view.moment import local
from reports.view.parts import DoubtBlock, Fact, HealthRow, Piece
from reports.view.prose import prose
from reports.view.visible import visible
from sync.core.pulls import Manifest, State, SystemFacts
from sync.core.records import Side
from sync.core.result import Doubt, Result, RunFacts
from sync.words import N_, Several, Words
from sync.words.causes import DOUBTS

LOGIN_CHECKS = {
    "halo": N_(
        "Halo › Teams & Agents: does the agent behind the login still see everything? "
        "Look at its teams, departments and role."
    ),
    "ae": N_("AutoElevate › Users › API Keys: is the key still open to every company?"),
}
REALLY = N_("If these records were really removed, accept the shorter list:")
RESTORE = N_("If not, restore the access: the next complete list is believed again by itself.")
MORE = Several("and {n} more", "and {n} more")
DIED = Several(
    "Run {runs} was cut off before it could report; this run has done its work.",
    "Runs {runs} were cut off before they could report; this run has done their work.",
)
MISSED = Several(
    "{n} scheduled run did not take place: {slots}.",
    "{n} scheduled runs did not take place: {slots}.",
)
REFUSED = N_("The mail server refused an earlier report for {to}: {reason}")
NO_WORDS = N_("it gave no reason")
AGENTS = Several("{n} agent by its own count", "{n} agents by its own count")
REQUESTS = Several("{n} request", "{n} requests")
SYSTEMS = {Side.AE: "AutoElevate", Side.HALO: "Halo"}
ANNOUNCED = N_("{system} announces: {notice}")
WINDOW = N_("read from {start} to {end}")
ENDED = {
    "forgotten": N_("The known link {ae} – {halo} was dropped by decision."),
    "both-gone": N_("The known link {ae} – {halo} has ended: both records are proven gone."),
    "id-reused": N_(
        "The known link {ae} – {halo} has ended: the id now belongs to another record."
    ),
    "flag-false": N_(
        "The known link {ae} – {halo} has ended: AutoElevate’s list shows it as not linked."
    ),
}
COUNT: dict[str, str | Several] = {
    "declared": N_("declared {n}"),
    "received": N_("received {n}"),
    "unique": N_("unique {n}"),
    "duplicate": N_("repeated {n}"),
    "rejected": N_("rejected {n}"),
    "pages": Several("{n} page", "{n} pages"),
}


def health(result: Result, words: Words) -> tuple[HealthRow, ...]:
    return tuple(_row(manifest, result.run, words) for manifest in result.manifests)


def _row(manifest: Manifest, run: RunFacts, words: Words) -> HealthRow:
    state = manifest.state
    return HealthRow(
        name=words.collection(manifest.collection),
        state=words.state(state),
        tone="off" if state is State.OFF else "good" if state.trusted else "bad",
        cause=_cause(manifest, words),
        remedy=words.remedy(manifest.cause) if state.withheld else "",
        detail=visible(manifest.detail, 300),
        counts=() if state is State.OFF else _counts(manifest, words),
        rejected=", ".join(f"{visible(why, 60)}: {n}" for why, n in manifest.rejected),
        login=visible(manifest.login),
        scope=visible(manifest.scope, 200),
        age=words.time(local(manifest.as_of, run)) if manifest.as_of else "",
        digest=manifest.digest[:8],
    )


def _cause(manifest: Manifest, words: Words) -> str:
    """The brake's causes are told in full by their doubt; here the state says enough."""
    return "" if manifest.cause in DOUBTS else words.cause(manifest.cause)


def _counts(manifest: Manifest, words: Words) -> tuple[str, ...]:
    counts = {
        "declared": manifest.declared,
        "received": manifest.received,
        "unique": manifest.unique,
        "duplicate": manifest.duplicate or None,
        "rejected": manifest.rejected_rows or None,
        "pages": manifest.pages or None,
    }
    return tuple(str(words.of(COUNT, code, n=n)) for code, n in counts.items() if n is not None)


def doubts(result: Result, words: Words) -> tuple[DoubtBlock, ...]:
    """The brake first, then what else is not believed, then what is only worth a look."""
    stopping = [_block(doubt, result, words) for doubt in result.doubts if doubt.stops]
    noted = [_block(doubt, result, words) for doubt in result.doubts if not doubt.stops]
    return (*stopping, *_causes(result, words), *noted)


def _causes(result: Result, words: Words) -> Iterator[DoubtBlock]:
    """One block for each cause, however many lists it spoils, with what to do about it."""
    spoilt: dict[str, list[Manifest]] = {}
    told = {doubt.collection for doubt in result.doubts}
    for manifest in result.withheld:
        if manifest.cause not in DOUBTS or manifest.collection not in told:
            said = words.cause(manifest.cause) or words.state(manifest.state)
            spoilt.setdefault(said, []).append(manifest)
    for said, manifests in spoilt.items():
        lists = words.listing([words.collection(m.collection) for m in manifests])
        remedy = words.remedy(manifests[0].cause)
        yield DoubtBlock(
            sentence=(Piece(f"{lists}: {said}"),),
            names=(),
            more="",
            checks=(remedy,) if remedy else (),
            setting="",
            command="",
            stops=True,
        )


def _block(doubt: Doubt, result: Result, words: Words) -> DoubtBlock:
    said = words.doubt(
        doubt.code,
        collection=words.collection(doubt.collection),
        before=doubt.before,
        now=doubt.now,
        missing=doubt.missing,
        parent=doubt.parent_name or doubt.parent or "",
    )
    hidden = doubt.missing - len(doubt.names)
    checks = (LOGIN_CHECKS[doubt.collection.side], RESTORE, REALLY) if doubt.stops else ()
    return DoubtBlock(
        sentence=prose(said),
        names=tuple(visible(name) for name in doubt.names),
        more=str(words.say(MORE, n=hidden)) if doubt.names and hidden > 0 else "",
        checks=tuple(words.gettext(check) for check in checks),
        setting=doubt.setting,
        command=f"halosync ack {result.run.id} --by NAME --reason TEXT" if doubt.stops else "",
        stops=doubt.stops,
    )


def notices(result: Result, words: Words) -> tuple[str, ...]:
    """What is worth a line although nothing is wrong with the data."""
    run = result.run
    told = []
    if run.died:
        runs = words.listing([str(run_id) for run_id in run.died])
        told.append(str(words.say(DIED, n=len(run.died), runs=runs)))
    if run.missed:
        slots = words.listing([visible(slot) for slot in run.missed])
        told.append(str(words.say(MISSED, n=len(run.missed), slots=slots)))
    for recipient, reason in run.refused:
        said = visible(reason, 200) or words.gettext(NO_WORDS)
        told.append(str(words.say(REFUSED, to=visible(recipient), reason=said)))
    for pair, why in result.pairs_ended:
        ended = ENDED.get(why)
        if ended:
            told.append(
                str(words.say(ended, ae=visible(pair.ae_name), halo=visible(pair.halo_name)))
            )
    told.extend(flags.doubted(result, words))
    told.extend(evidence.proven(result, words))
    for side, system in result.systems.items():
        told.extend(
            str(words.say(ANNOUNCED, system=SYSTEMS[side], notice=visible(notice, 300)))
            for notice in system.notices
        )
    return tuple(told)


def footer(result: Result, words: Words) -> tuple[Fact, ...]:
    """Run, slot, versions, and whom we talked to."""
    run = result.run
    facts = [
        Fact(words.gettext(N_("Run")), f"{run.id} · {visible(run.slot)}"),
        Fact(
            words.gettext(N_("Started")), f"{words.time(local(run.started, run))} ({run.timezone})"
        ),
    ]
    if run.previous:
        facts.append(
            Fact(words.gettext(N_("Last published run")), words.time(local(run.previous, run)))
        )
    for side, system in result.systems.items():
        name = SYSTEMS[side]
        said = [*_who(system), *_how_much(system, words), _window(side, result, words)]
        facts.append(Fact(name, " · ".join(part for part in said if part)))
    facts += flags.read(result, words)
    facts += evidence.read(result, words)
    versions = [run.version, run.config_hash[:8]]
    facts.append(
        Fact(words.gettext(N_("Version, configuration")), " · ".join(v for v in versions if v))
    )
    return tuple(facts)


def _who(system: SystemFacts) -> list[str]:
    return [visible(s) for s in (system.name, system.version, system.login, system.scope)]


def _how_much(system: SystemFacts, words: Words) -> list[str]:
    agents = system.active_agents
    return [
        "" if agents is None else str(words.say(AGENTS, n=agents)),
        str(words.say(REQUESTS, n=system.requests)) if system.requests else "",
    ]


def _window(side: Side, result: Result, words: Words) -> str:
    """From the first question to the last answer: a record made in between waits a night."""
    read = [m for m in result.manifests if m.collection.side is side and m.started and m.ended]
    if not read:
        return ""
    first = min(local(m.started, result.run) for m in read if m.started)
    last = max(local(m.ended, result.run) for m in read if m.ended)
    return str(words.say(WINDOW, start=f"{first:%H:%M:%S}", end=f"{last:%H:%M:%S}"))
