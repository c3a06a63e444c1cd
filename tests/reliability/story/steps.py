"""The steps of a story: each does something to the world or to halosync, and looks what came."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from typing import NamedTuple, Self
from zoneinfo import ZoneInfo

from sync.core.decisions import Decision, Verb
from sync.core.names import Exact
from sync.core.records import AE_OF, HALO_OF, Collection, Kind
from sync.sandbox.switches import AeSwitches, HaloSwitches
from sync.sandbox.verbs import DropRows, NarrowVisibility, Status
from sync.sandbox.world.records import TYPE_OF
from tests.reliability.benches.bench import Setup
from tests.reliability.story import sight as story_sight
from tests.reliability.story import world as story_world
from tests.reliability.story.checks import Run, after_run, after_word
from tests.reliability.story.model import Model
from tests.reliability.story.sight import Sight
from tests.reliability.story.stage import Stage
from tests.reliability.story.world import CHANGES, CUSTOMERS, TYPES

BEFORE = (
    "begin:before-commit", "begin:after-commit", "publish:records", "publish:verdicts",
    "publish:findings", "publish:pairs", "publish:observations", "publish:outbox", "publish:run",
    "publish:before-commit",
)  # fmt: skip
"""Places at which nothing of a night may have become visible yet."""
AFTER = ("publish:after-commit", "mark:before-commit", "mark:after-commit")
ZONES = ("UTC", "Europe/Madrid", "Pacific/Auckland")
SOME = (
    Collection.HALO_CLIENTS,
    Collection.HALO_SITES,
    Collection.HALO_ASSETS,
    Collection.AE_COMPANIES,
    Collection.AE_LOCATIONS,
    Collection.AE_COMPUTERS,
)
PARENT_LISTS = {"halo": Collection.HALO_CLIENTS, "ae": Collection.AE_COMPANIES}


class Step(NamedTuple):
    """One step: what, and the number from which it draws everything else."""

    what: str
    seed: int

    def __str__(self) -> str:
        return f"{self.what}/{self.seed}"


@dataclass
class Story:
    """The world, halosync and the reference model of one story. Use as a context."""

    seed: str
    spoken: bool = False
    """Whether near misses are looked for too."""
    backups: dict[str, Model] = field(default_factory=dict)
    model: Model = field(default_factory=Model)
    disturbed: int = 0
    """How often an accepted mail may have come twice: kills and restores."""
    touched: bool = True
    """Whether the step did anything to the database."""

    def __enter__(self) -> Self:
        rng = Random(f"{self.seed}/switches")
        hidden = rng.choice((404, 404, 403, 200)), rng.choice((403, 404))
        self.sight = Sight(TYPES, *hidden)
        setup = Setup(
            HaloSwitches(limit="none", invisible_by_id=hidden[0]),
            AeSwitches(hourly=None, invisible_by_id=hidden[1]),
        )
        self.stage = Stage(story_world.founded(self.seed), setup)
        self.world = self.stage.world
        self.stage.__enter__()
        return self

    def __exit__(self, *how: object) -> None:
        self.stage.__exit__(*how)

    def do(self, step: Step) -> Iterator[str]:
        """Do one step; yields what must not be."""
        rng = Random(f"{self.seed}/{step.what}/{step.seed}")
        self.touched = step.what not in CHANGES
        if step.what in CHANGES:
            CHANGES[step.what](self.world, rng)
        else:
            yield from STEPS[step.what](self, rng)
        if self.touched:
            yield from self.stage.store.check_invariants()

    # nights

    def night(self, rng: Random) -> Iterator[str]:
        """The next night's slot, or today's once more."""
        yield from self._run(rng)

    def failing(self, rng: Random) -> Iterator[str]:
        """A list cannot be had, or a whole system."""
        hit = rng.choice((*SOME, Collection.HALO_AGENTS, None))
        endpoint = "halo.token" if hit is None else hit.value
        self.stage.faults.on(endpoint, Status(rng.choice((403, 500, 503))))
        whole = {c for c in Collection if c.value.startswith("halo")}
        yield from self._run(rng, ill=whole if hit is None else {hit})

    def narrowed(self, rng: Random) -> Iterator[str]:
        """One list shows only some customers' records, as if that were all."""
        hit = rng.choice(SOME)
        side = hit.value.partition(".")[0]
        ids = sorted(story_sight.lists(self.world, self.sight)[PARENT_LISTS[side]])
        seen = rng.sample(ids, rng.randrange(len(ids))) if ids else []
        known = frozenset(int(i) if side == "halo" else i for i in seen)
        self.stage.faults.on(hit.value, NarrowVisibility(known))
        yield from self._run(rng, narrow=(hit, frozenset(seen)))

    def truncated(self, rng: Random) -> Iterator[str]:
        """The last rows of a list are missing, and its total says so."""
        hit = rng.choice(SOME)
        self.stage.faults.on(hit.value, DropRows(rng.choice((1, 2, 100))))
        filled = story_sight.lists(self.world, self.sight)[hit]
        yield from self._run(rng, ill={hit} if filled else set())

    def kill(self, rng: Random) -> Iterator[str]:
        """The run dies on its way; the next step goes on from what it left."""
        yield from self._run(rng, kill_at=rng.choice((*BEFORE, *AFTER)))

    def unmailed(self, rng: Random) -> Iterator[str]:
        """The mail server puts everything off."""
        self.stage.post.is_down = True
        yield from self._run(rng)

    def _run(
        self,
        rng: Random,
        ill: set[Collection] | frozenset[Collection] = frozenset(),
        narrow: tuple[Collection, frozenset[str]] | None = None,
        kill_at: str = "",
    ) -> Iterator[str]:
        if rng.random() < 0.8:
            with self.world.changing():
                self.world.nights += rng.choice((1, 1, 1, 4))
        shown = story_sight.lists(self.world, self.sight)
        if narrow is not None:
            shown[narrow[0]] = _narrowed(shown, *narrow)
        slot = f"nightly/{self.stage.clock.now().astimezone(self.stage.zone):%Y-%m-%d}"
        self.stage.clock.wait(1)
        before = len(self.stage.results)
        how = self.stage.play(slot, kill_at)
        self.stage.faults.clear()
        self.stage.post.is_down, was_down = False, self.stage.post.is_down
        self.disturbed += how == "killed"
        fresh = self.stage.results[before:]
        run = Run(slot, how, kill_at, shown, frozenset(ill), fresh[-1] if fresh else None, was_down)
        yield from after_run(self, run)

    # people

    def acknowledge(self, _rng: Random) -> Iterator[str]:
        """Accept the smaller lists of the last report, where it doubted one."""
        published = self.stage.store.status().published
        doubted = self.doubted.get(published.id, frozenset()) if published else frozenset()
        self.touched = bool(doubted) and published is not None
        if published is None or not doubted:
            return
        taken = self.stage.store.ack(published.id, "admin", "they left", self.stage.clock.now())
        self.model.acked |= doubted
        self.doubted = {}
        if set(taken) != doubted:
            yield f"{sorted(taken)} were acknowledged, {sorted(doubted)} were doubted"

    doubted: dict[int, frozenset[Collection]] = field(default_factory=dict)
    """The lists that the last published run doubted, by its number."""

    def decide(self, rng: Random) -> Iterator[str]:
        """Say something about a record, a pair or a group of names."""
        kind = rng.choice(tuple(Kind))
        ours, theirs = self.model.stands[AE_OF[kind]], self.model.stands[HALO_OF[kind]]
        self.touched = bool(ours and theirs)
        if not ours or not theirs:
            return
        self.stage.clock.wait(1)  # no two things happen at the same moment
        now = self.stage.clock.now()
        plain = Decision(
            0, rng.choice(tuple(Verb)), kind, "ana", now, f"because {len(self.model.decisions)}"
        )
        if rng.random() < 0.15:
            pattern = f"{rng.choice((*CUSTOMERS, 'mpc', 'd'))[:3]}*"
            made = replace(plain, verb=Verb.IGNORE, pattern=pattern)
        else:
            listed = {i for of, i in self.model.was_open if of is kind} & ours.keys()
            about = listed if listed and rng.random() < 0.6 else ours.keys()
            made = replace(plain, ae_id=rng.choice(sorted(about)))
        if made.verb in {Verb.ACCEPT, Verb.CONFIRM, Verb.REJECT}:
            made = replace(made, halo_id=rng.choice(sorted(theirs)))
        if made.verb is Verb.IGNORE:
            said = self.model.said.get(made.key)
            facts = said.outcome if said and not made.pattern and rng.random() < 0.7 else ""
            made = replace(made, expires=now + timedelta(days=rng.randrange(1, 20)), facts=facts)
        self.model.decisions.append(replace(made, id=len(self.model.decisions) + 1))
        self.stage.store.decide([made])
        yield from after_word(self)

    # the installation

    def back_up(self, _rng: Random) -> Iterator[str]:
        name = f"b{len(self.backups)}"
        self.stage.store.back_up(why=name)
        self.backups[name] = self.model.copy()
        yield from ()

    def restore(self, rng: Random) -> Iterator[str]:
        """Go back to one of the last backups, with all that was known then and no more."""
        there = sorted(
            p.stem.rpartition("-")[2] for p in self.stage.folder.glob("backups/*.sqlite3")
        )
        self.touched = bool(there)
        if not there:
            return
        name = rng.choice(there)
        self.stage.bring_back(name, self.stage.clock.now())
        self.model, self.doubted = self.backups[name].copy(), {}
        self.disturbed += 1
        yield from after_word(self)

    def reconfigure(self, rng: Random) -> Iterator[str]:
        """Change what the configuration says: time zone, mail, what is the same, what is asked."""
        stage, setup = self.stage, self.stage.setup
        what = rng.randrange(4)
        if what == 0:
            stage.zone = ZoneInfo(rng.choice(ZONES))
        elif what == 1:
            stage.policy = rng.choice(("always", "problems"))
        elif what == 2:
            linking = replace(setup.settings.linking, exact=rng.choice(tuple(Exact)))
            setup.settings = replace(setup.settings, linking=linking)
        else:
            types = rng.choice((TYPES, TYPES[:2], (*TYPES, story_world.SWITCH)))
            setup.asset_types = tuple(TYPE_OF[t].name for t in types)
            self.sight = self.sight._replace(types=types)
        self.touched = False
        yield from ()


def _narrowed(
    shown: story_sight.Lists, hit: Collection, seen: frozenset[str]
) -> dict[str, story_sight.Seen]:
    own = hit in PARENT_LISTS.values()
    return {i: s for i, s in shown[hit].items() if (i if own else s.parent) in seen}


STEPS: dict[str, Callable[[Story, Random], Iterator[str]]] = {
    "night": Story.night, "failing": Story.failing, "narrowed": Story.narrowed,
    "truncated": Story.truncated, "kill": Story.kill, "unmailed": Story.unmailed,
    "acknowledge": Story.acknowledge, "decide": Story.decide, "back up": Story.back_up,
    "restore": Story.restore, "reconfigure": Story.reconfigure,
}  # fmt: skip
