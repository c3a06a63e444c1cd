"""The reference model: what must be true after each step of a story, kept in plain dictionaries.

It looks at the invented world, never at halosync's tables. Which lists were believed tonight it is
told, and it says whether that may be; everything else it works out by itself.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from fnmatch import fnmatchcase
from typing import NamedTuple

from sync.core.decisions import Decision, Verb
from sync.core.records import AE_OF, HALO_OF, Collection, Kind
from tests.reliability.story.linking import OPEN, Key, Known, Said, link
from tests.reliability.story.sight import Seen

NEEDS = {
    Kind.COMPANY: (Collection.AE_COMPANIES, Collection.HALO_CLIENTS),
    Kind.LOCATION: (
        Collection.AE_COMPANIES,
        Collection.HALO_CLIENTS,
        Collection.AE_LOCATIONS,
        Collection.HALO_SITES,
    ),
    Kind.COMPUTER: (
        Collection.AE_COMPANIES,
        Collection.HALO_CLIENTS,
        Collection.AE_COMPUTERS,
        Collection.HALO_ASSETS,
    ),
    Kind.USER: (Collection.AE_USERS, Collection.HALO_AGENTS),
}
FOLDS = {"text": str, "trimmed": str.strip, "casefold": lambda text: text.strip().casefold()}


class Tie(NamedTuple):
    """A pair known by ids."""

    halo_id: str
    created: int
    words: int
    """How many decisions had been made before it."""


@dataclass(frozen=True)
class Tonight:
    """What one published run was given, and what it says it believed."""

    at: datetime
    lists: Mapping[Collection, Mapping[str, Seen]]
    trusted: frozenset[Collection]
    gone: frozenset[tuple[Collection, str]]
    """What it claims to be gone."""
    emptied: frozenset[tuple[Collection, str]]
    """Parents whose children it withholds."""
    ended: Mapping[Key, str]
    """Pairs that it ends, and why."""
    fold: str
    asked: object = None
    """What the configuration asks Halo's assets for."""


@dataclass
class Model:
    decisions: list[Decision] = field(default_factory=list)
    stands: dict[Collection, dict[str, Seen]] = field(
        default_factory=lambda: {c: {} for c in Collection}
    )
    listed: dict[Collection, frozenset[str]] = field(default_factory=dict)
    """What each list held when it was last believed."""
    ties: dict[Key, Tie] = field(default_factory=dict)
    said: dict[Key, Said] = field(default_factory=dict)
    was_open: set[Key] = field(default_factory=set)
    ever_open: set[Key] = field(default_factory=set)
    slots: list[str] = field(default_factory=list)
    acked: set[Collection] = field(default_factory=set)
    asked: object = None
    """What was asked for when the assets were last believed."""
    taken_in: dict[Collection, set[str]] = field(default_factory=dict)
    """Records out of sight that an acknowledgement covers."""

    def copy(self) -> "Model":
        return deepcopy(self)

    def kinds(self, trusted: frozenset[Collection]) -> list[Kind]:
        return [kind for kind, needs in NEEDS.items() if trusted.issuperset(needs)]

    def lost(self, c: Collection, tonight: Mapping[str, Seen]) -> set[str]:
        """What the list showed when it was last believed, and shows no more."""
        return set(self.listed.get(c, ())) - tonight.keys()

    def asked_anew(self, c: Collection, night: Tonight) -> bool:
        """Whether our own settings ask for other records than when the list was last believed."""
        return c is Collection.HALO_ASSETS and self.asked not in {None, night.asked}

    def held(self, c: Collection) -> set[str]:
        """What known pairs hold of Halo's records."""
        return {tie.halo_id for (kind, _), tie in self.ties.items() if HALO_OF[kind] is c}

    def publish(self, night: Tonight, slot: str) -> Iterator[str]:
        """Take over a night; yields what may not be claimed in it."""
        yield from self._may_end(night)
        self.slots.append(slot)
        for c in night.trusted:
            self._settle(c, night)
        over = {key for key in night.ended if key in self.ties}
        over |= {key for key in self.ties if self._forgotten(key)}
        for key in self.said.keys() - self._known():
            del self.said[key]
            self.was_open.discard(key)
        kept = {key: tie for key, tie in self.ties.items() if key not in over}
        self._judge(night, kept)
        self._tie(night, kept, over)

    def _known(self) -> set[Key]:
        return {(kind, i) for kind, c in AE_OF.items() for i in self.stands[c]}

    # what people decided

    def words(self, verb: Verb) -> dict[Key, Decision]:
        """The last word of this sort about each record, unless all was taken back since."""
        last: dict[Key, Decision] = {}
        for d in self.decisions:
            if d.verb is Verb.FORGET:
                last.pop(d.key, None)
            elif d.verb is verb and not d.pattern:
                last[d.key] = d
        return last

    def rejected(self) -> set[tuple[Key, str]]:
        never: set[tuple[Key, str]] = set()
        for d in self.decisions:
            if d.verb is Verb.REJECT:
                never.add((d.key, d.halo_id))
            elif d.verb in {Verb.ACCEPT, Verb.CONFIRM}:
                never.discard((d.key, d.halo_id))
            elif d.verb is Verb.FORGET:
                never = {(key, i) for key, i in never if key != d.key}
        return never

    def _forgotten(self, key: Key) -> bool:
        """Whether `forget` was said of a pair after it was made, and nothing else since."""
        about = [(n, d) for n, d in enumerate(self.decisions) if d.key == key and not d.pattern]
        about = [(n, d) for n, d in about if d.verb is not Verb.REJECT]
        if not about or about[-1][1].verb is not Verb.FORGET:
            return False
        return about[-1][0] >= self.ties[key].words

    def _silent(self, key: Key, said: Said, name: str, at: datetime) -> bool:
        """Whether an ignore keeps an open record out of the rows."""
        own = self.words(Verb.IGNORE).get(key)
        patterns = {(d.kind, d.pattern): d for d in self.decisions if d.pattern}
        fits = (
            d for d in patterns.values()
            if d.kind is key[0] and fnmatchcase(name.casefold(), d.pattern.casefold())
        )  # fmt: skip
        ignore = own or next(fits, None)
        if ignore is None or said.outcome not in OPEN:
            return False
        over = ignore.expires is not None and at >= ignore.expires
        return not over and ignore.facts in {"", said.outcome}

    # a night

    def _may_end(self, night: Tonight) -> Iterator[str]:
        for key, why in night.ended.items():
            tie = self.ties.get(key)
            if tie is None:
                yield f"a pair of {key} ended that never was"
                continue
            now = night.lists[AE_OF[key[0]]].get(key[1])
            both = {(AE_OF[key[0]], key[1]), (HALO_OF[key[0]], tie.halo_id)}
            allowed = {
                "forgotten": self._forgotten(key),
                "id-reused": now is not None and now.created != tie.created,
                "both-gone": both <= night.gone,
            }
            if not allowed.get(why, False):
                yield f"the pair of {key} ended as {why!r}, which it may not"
        for key, tie in self.ties.items():
            now = night.lists[AE_OF[key[0]]].get(key[1])
            reborn = now is not None and now.created != tie.created
            if reborn and AE_OF[key[0]] in night.trusted and key not in night.ended:
                yield f"the pair of {key} stands although the id was given to another record"

    def _settle(self, c: Collection, night: Tonight) -> None:
        """Carry one believed list over what stood: only what is gone goes."""
        shown = dict(night.lists[c])
        missing = self.stands[c].keys() - shown.keys()
        stays = {
            i: self.stands[c][i]
            for i in missing
            if c is not Collection.AE_USERS and (c, i) not in night.gone
        }
        if self.asked_anew(c, night):  # what the settings leave out is a candidate no more
            stays = {i: seen for i, seen in stays.items() if i in self.held(c)}
        if c is Collection.HALO_ASSETS:
            self.asked = night.asked
        self.stands[c] = shown | stays
        self.listed[c] = frozenset(shown)
        self.taken_in[c] = (set(stays) if c in self.acked else self.taken_in.get(c, set())) & set(
            stays
        )
        self.acked.discard(c)

    def _judge(self, night: Tonight, kept: Mapping[Key, Tie]) -> None:
        kinds = self.kinds(night.trusted)
        confirmed = {key: d.halo_id for key, d in self.words(Verb.CONFIRM).items()}
        pairs = {key: tie.halo_id for key, tie in kept.items()} | confirmed
        here = {
            (kind, i) for kind, c in HALO_OF.items() if c in night.trusted for i in self.stands[c]
        }
        orphaned = {key for key, halo_id in pairs.items() if (key[0], halo_id) not in here}
        known = Known(
            {key: i for key, i in pairs.items() if key not in orphaned},
            self.was_open | orphaned,
            FOLDS[night.fold],
        )
        ours = {kind: self.stands[AE_OF[kind]] for kind in kinds}
        theirs = {kind: self.stands[HALO_OF[kind]] for kind in kinds}
        self.tonight = link(ours, theirs, known)
        self.withheld = {key for key in self.tonight if self._emptied(key, night)}
        for key, said in self.tonight.items():
            if key in self.withheld:
                continue
            self._note(key, said)
            silent = self._silent(key, said, self._name(key), night.at)
            self.said[key] = said._replace(outcome="ignored") if silent else said

    def _note(self, key: Key, said: Said) -> None:
        """Keep in mind what was open: what is blocked meanwhile may be put right unseen."""
        if said.outcome in OPEN:
            self.ever_open.add(key)
        waits = said.outcome == "blocked" and key in self.ever_open
        (self.was_open.add if said.outcome in OPEN or waits else self.was_open.discard)(key)

    def _name(self, key: Key) -> str:
        seen = self.stands[AE_OF[key[0]]][key[1]]
        return seen.text.partition("@")[0].title() if key[0] is Kind.USER else seen.text

    def _emptied(self, key: Key, night: Tonight) -> bool:
        kind = key[0]
        company = self.stands[AE_OF[kind]][key[1]].parent
        if not company:
            return False
        above = self.tonight.get((Kind.COMPANY, company))
        client = above.halo_id if above and above.outcome not in {"contested", "inactive"} else ""
        places = {(AE_OF[kind], company), (HALO_OF[kind], client)}
        return not places.isdisjoint(night.emptied)

    def _tie(self, night: Tonight, kept: dict[Key, Tie], over: set[Key]) -> None:
        """Make the pairs that tonight proves: confirmed by people, or identical at first sight."""
        confirmed = {
            key: d.halo_id
            for key, d in self.words(Verb.CONFIRM).items()
            if AE_OF[key[0]] in night.trusted and key[1] in self.stands[AE_OF[key[0]]]
        }
        fresh = {
            key: said.halo_id
            for key, said in self.tonight.items()
            if said.outcome == "linked" and said.sure and key not in self.withheld
            and key not in self.words(Verb.CONFIRM) and key not in kept and key not in over
        }  # fmt: skip
        for key, halo_id in {**fresh, **confirmed}.items():
            if key in self.ties and self.ties[key].halo_id == halo_id:
                continue  # it stands; or it ends tonight, and is made anew tomorrow at the earliest
            created = self.stands[AE_OF[key[0]]][key[1]].created
            kept[key] = Tie(halo_id, created, len(self.decisions))
        self.ties = kept
