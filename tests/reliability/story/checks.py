"""Holds halosync against the reference model after a step, and says in words what differs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sync.core.decisions import Verb
from sync.core.pulls import Answer
from sync.core.records import Collection
from sync.core.result import Result
from sync.sandbox.world.records import DAY_MS
from tests.reliability.story import sight as story_sight
from tests.reliability.story.linking import Key
from tests.reliability.story.model import Tonight
from tests.reliability.story.sight import Seen
from tests.reliability.story.stage import letter

if TYPE_CHECKING:
    from tests.reliability.story.steps import Story

MANY, SHARE = 3, 20
"""When a list that lost so many rows, and so large a share of them, may not be believed."""
ASKED = 20
SLEEPY = 29


@dataclass(frozen=True)
class Run:
    """How one run went, as far as it can be told from outside."""

    slot: str
    how: str
    kill_at: str
    shown: story_sight.Lists
    ill: frozenset[Collection]
    """Lists that could not be had whole."""
    result: Result | None
    """What it had decided when it ended or died."""
    unmailed: bool = False

    def excuses(self, c: Collection) -> bool:
        """Whether the list may be withheld: it is ill, or its system was given up for another."""
        return any(c.side is hit.side for hit in self.ill)

    @property
    def is_published(self) -> bool:
        late = self.kill_at.startswith("mark:") or self.kill_at == "publish:after-commit"
        return self.result is not None and (self.how == "ended" or (self.how == "killed" and late))


def after_run(story: "Story", run: Run) -> Iterator[str]:
    """Whatever happened: nothing half, nothing lost, nothing claimed that is not so."""
    if (run.how == "done") != (run.slot in story.model.slots) and run.how != "killed":
        yield f"slot {run.slot} was {run.how}"
    if run.is_published and run.result is not None:
        result = run.result
        tonight = _tonight(story, run, result)
        yield from _believed(story, run, result, tonight)
        yield from story.model.publish(tonight, run.slot)
        story.doubted = {result.run.id: frozenset(d.collection for d in result.doubts if d.stops)}
        yield from _verdicts(story, result)
        yield from _obeyed(story, result)
    yield from after_word(story)
    if run.how == "ended" and not run.unmailed:
        yield from _mailed(story)


def after_word(story: "Story") -> Iterator[str]:
    """What the database says, held against the model."""
    model, store = story.model, story.stage.store
    if list(store.decisions()) != model.decisions:
        yield f"{len(store.decisions())} decisions are there, {len(model.decisions)} were made"
    published = [r.slot for r in reversed(store.runs(1_000)) if r.state == "published"]
    if published != model.slots:
        yield f"published are {published[-3:]}, ought to be {model.slots[-3:]}"
    for c, ids in story.stage.standing().items():
        if ids != model.stands[c].keys():
            odd = sorted(ids ^ model.stands[c].keys())
            yield f"{c}: {odd[:3]} {'stand' if odd[0] in ids else 'are gone'}, and ought not"
    said = {(v.kind, v.ae_id): v.outcome.value for v in store.verdicts()} if model.slots else {}
    yield from _apart("stored", said, {key: s.outcome for key, s in model.said.items()})
    pairs = {key: p.halo_id for key, p in store.pairs().items()}
    yield from _apart("the pair", pairs, {key: tie.halo_id for key, tie in model.ties.items()})


def _tonight(story: "Story", run: Run, result: Result) -> Tonight:
    return Tonight(
        at=result.run.started,
        lists=run.shown,
        trusted=frozenset(m.collection for m in result.manifests if m.state.trusted),
        gone=frozenset((v.collection, v.id) for v in result.vanished if v.answer is Answer.GONE),
        emptied=frozenset((d.collection, d.parent) for d in result.doubts if d.parent),
        ended={pair.key: why for pair, why in result.pairs_ended},
        fold=story.stage.setup.settings.linking.exact.value,
        asked=story.stage.setup.asset_types,
    )


def _believed(story: "Story", run: Run, result: Result, night: Tonight) -> Iterator[str]:
    """Whether each list may be, or ought to be, believed; and what is claimed to be gone."""
    codes = {d.collection: d.code for d in result.doubts if d.stops and d.parent is None}
    for c in Collection:
        shown, model = run.shown[c], story.model
        missing = model.stands[c].keys() - shown.keys()
        if model.asked_anew(c, night):
            missing &= model.held(c)
        if c in night.trusted:
            yield from _too_trusting(story, c, run, night)
        elif (
            not run.excuses(c) and not missing and codes.get(c) not in {"below-week", "first-empty"}
        ):
            yield f"{c} shows everything and is withheld as {codes.get(c)}"
        open_homes = {s.parent for s in model.stands[c].values()} - {p for _, p in night.emptied}
        provable = [
            i for i in missing
            if _answer(story, c, i) == "gone" and model.stands[c][i].parent in open_homes
        ]  # fmt: skip
        claimed = {i for of, i in night.gone if of is c}
        if claimed - set(provable) or (claimed and c not in night.trusted):
            yield f"{c}: {sorted(claimed - set(provable))[:3]} are called gone and are not"
        silent = c is Collection.AE_USERS or run.excuses(c) or len(missing) > ASKED
        if c in night.trusted and not silent and set(provable) - claimed:
            yield f"{c}: {sorted(set(provable) - claimed)[:3]} are gone and nobody says so"


def _too_trusting(story: "Story", c: Collection, run: Run, night: Tonight) -> Iterator[str]:
    model, shown, anew = story.model, run.shown[c], story.model.asked_anew(c, night)
    if c in run.ill:
        yield f"{c} could not be had whole and is believed"
    if c in model.acked:
        return
    lost = {
        i for i in model.lost(c, shown)
        if _answer(story, c, i) != "elsewhere" and not _long_asleep(story, model.stands[c][i])
    }  # fmt: skip
    before = len(model.listed.get(c, ()))
    if (
        before
        and not anew
        and (not shown or (len(lost) >= MANY and len(lost) * 100 >= SHARE * before))
    ):
        yield f"{c} lost {len(lost)} of {before} and is believed"
    there = {
        i for i in model.stands[c].keys() - shown.keys() - model.taken_in.get(c, set())
        if _answer(story, c, i) == "there" and (not anew or i in model.held(c))
    }  # fmt: skip
    if there and not run.excuses(c):  # a system that was given up cannot be asked
        yield f"{c} lacks {sorted(there)[:3]}, which answer, and is believed"


def _long_asleep(story: "Story", seen: Seen) -> bool:
    """Whether AutoElevate was about to drop the machine from its list anyway."""
    return 0 < seen.slept_since < story.world.now_ms - SLEEPY * DAY_MS


def _answer(story: "Story", c: Collection, record_id: str) -> str:
    return story_sight.by_id(story.world, story.sight, c, record_id)


def _verdicts(story: "Story", result: Result) -> Iterator[str]:
    """The night's verdicts, one by one, with the id that they name."""
    said = {(v.kind, v.ae_id): v for v in result.verdicts}
    if len(said) != len(result.verdicts):
        yield "a record was judged twice"
    model = story.model
    outcomes = {key: v.outcome.value for key, v in said.items()}
    ought = {
        key: "withheld" if key in model.withheld else model.said[key].outcome
        for key in model.tonight
    }
    yield from _apart("tonight", outcomes, ought)
    named = {key: v.halo_id or "" for key, v in said.items() if key not in model.withheld}
    ids = {key: s.halo_id for key, s in model.tonight.items() if key not in model.withheld}
    yield from _apart("the counterpart", named, ids)


def _obeyed(story: "Story", result: Result) -> Iterator[str]:
    """What people decided is in force in tonight's rows."""
    model = story.model
    accepted, backlog = model.words(Verb.ACCEPT), model.words(Verb.BACKLOG)
    never = model.rejected()
    open_now = {
        key
        for key, said in model.said.items()
        if said.outcome in {"ready", "unlinked", "ambiguous", "contested", "inactive"}
    }
    fresh = [f for f in result.findings if f.as_of is None]
    if {f.key for f in fresh} != {
        key for key in open_now if key in model.tonight and key not in model.withheld
    }:
        yield "the rows are not the open records"
    for f in fresh:
        if f.backlog != (f.key in backlog):
            yield f"{f.key} is {'' if f.backlog else 'not '}called backlog"
        wanted = accepted.get(f.key)
        there = wanted is not None and any(
            wanted.halo_id in model.stands[c] for c in Collection if c.kind is f.kind
        )
        if (f.accepted.id if f.accepted else None) != (
            wanted.halo_id if wanted and there else None
        ):
            yield f"{f.key} names {f.accepted} and {wanted and wanted.halo_id} was accepted"
        if shown := [s.halo_id for s in f.suggestions if (f.key, s.halo_id) in never]:
            yield f"{shown[0]} is suggested for {f.key} and was rejected"


def _mailed(story: "Story") -> Iterator[str]:
    """Nothing due is unsent, and nothing was sent that was not published."""
    if story.stage.store.unsent():
        yield "mail is left in the outbox after a night that ended well"
    known = {letter(result).body for result in story.stage.results}
    for body, copies in story.stage.post.accepted.items():
        if body not in known:
            yield f"{body!r} was mailed and never written"
        if copies - 1 > story.disturbed:
            yield f"{body!r} was mailed {copies} times"


def _apart(what: str, found: Mapping[Key, str], ought: Mapping[Key, str]) -> Iterator[str]:
    for key in sorted(found.keys() | ought.keys()):
        if found.get(key) != ought.get(key):
            yield f"{what} of {key[0]} {key[1]} is {found.get(key)}, ought to be {ought.get(key)}"
            return
