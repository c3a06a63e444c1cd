"""Whether "no such record" can be believed: listed records are asked for beside the missing ones.

An address that has moved, or a login that may list but not open, answers 404 to everything. Then no
absence is proven by it (reliability specification 1.4).
"""

from collections.abc import Sequence

from sync.core.brake import Answers
from sync.core.pulls import Answer, Night, Pull
from sync.core.records import Collection
from sync.core.result import Doubt

WITNESSES = 5
"""Listed records asked for, per list that lacks some."""


def choose(pull: Pull, run_id: int) -> Sequence[str]:
    """Pick listed records, spread over the list; with the run id the choice moves on."""
    listed = sorted(record.id for record in pull.records)
    step = max(1, len(listed) // WITNESSES)
    chosen = range(run_id, run_id + step * min(WITNESSES, len(listed)), step)
    return [listed[n % len(listed)] for n in chosen]


def credible(night: Night, answers: Answers) -> tuple[Answers, tuple[Doubt, ...]]:
    """Take "gone" back in every list of which a record is both listed and "gone"."""
    doubted = {c for c, pull in night.pulls.items() if _contradicts(c, pull, answers)}
    believed = {
        (collection, i): Answer.UNKNOWN
        if collection in doubted and answer is Answer.GONE
        else answer
        for (collection, i), answer in answers.items()
    }
    return believed, tuple(
        Doubt(c, "by-id-contradicted", stops=False) for c in Collection if c in doubted
    )


def _contradicts(collection: Collection, pull: Pull, answers: Answers) -> bool:
    gone = {i for (c, i), answer in answers.items() if c is collection and answer is Answer.GONE}
    return bool(gone) and any(record.id in gone for record in pull.records)
