"""Lists that our own settings ask for differently than last time: what is no loss then.

Whoever narrows `asset_types` loses nothing: what the new question leaves out is no candidate any
more, and the brake has nothing to say. A pair that was known stands, for AutoElevate does not undo
a link because of our settings.
"""

from dataclasses import replace

from sync.core.pulls import Night
from sync.core.records import AE_OF, HALO_OF, Collection
from sync.core.result import Recollection


def asked_anew(night: Night, recollection: Recollection) -> list[Collection]:
    """Name the believed lists that were asked for differently when they were last believed."""
    return [
        collection
        for collection, baseline in recollection.baselines.items()
        if (pull := night.pulls.get(collection)) is not None
        and pull.manifest.state.trusted
        and pull.manifest.asked != baseline.asked
    ]


def comparable(night: Night, recollection: Recollection) -> Recollection:
    """Reduce the baselines of those lists to what known pairs hold.

    That they are missing is no alarm; that one still answers as what we ask for is.
    """
    anew = asked_anew(night, recollection)
    if not anew:
        return recollection
    held = {(AE_OF[pair.kind], pair.ae_id) for pair in recollection.pairs.values()}
    held |= {(HALO_OF[pair.kind], pair.halo_id) for pair in recollection.pairs.values()}
    baselines = dict(recollection.baselines)
    for collection in anew:
        was = baselines[collection]
        parents = {i: parent for i, parent in was.parents.items() if (collection, i) in held}
        kept = frozenset(parents)
        baselines[collection] = replace(
            was, parents=parents, missing=kept, silent=was.silent | kept, week_high=0
        )
    return replace(recollection, baselines=baselines)
