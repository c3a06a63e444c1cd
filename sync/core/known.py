"""What is known of tonight's records before their names are compared."""

from collections.abc import Iterable
from dataclasses import replace

from sync.core import ledger, tickets
from sync.core.decisions import Standing
from sync.core.ledger import Ended
from sync.core.link import link_all
from sync.core.pulls import Night
from sync.core.records import AE_OF, HALO_OF, Kind
from sync.core.result import Recollection
from sync.core.sheet import Linking, Past
from sync.core.suggest import near_misses

COMPANY = Kind.COMPANY


def known(
    past: Recollection, night: Night, ended: Iterable[Ended], standing: Standing, linking: Linking
) -> tuple[Recollection, Past]:
    """Give what was remembered, with what tonight's tickets prove, and what linking needs of it.

    Companies that are proven count as linked when first compared: what is inside is judged so too.
    """
    before = ledger.remembered(past, night, ended, standing)
    evidence = tickets.raised(night)
    if not (evidence and before.was_open.get(COMPANY)):
        return past, before
    ours, theirs = night.ae(AE_OF[COMPANY]), night.halo(HALO_OF[COMPANY])
    verdicts = link_all({COMPANY: ours}, {COMPANY: theirs}, linking, before)
    near = near_misses(night, verdicts, rejected=standing.rejected)
    proven = tickets.proven(verdicts, near, evidence, past, standing)
    if not proven:
        return past, before
    still = set(before.was_open[COMPANY]) - {ae_id for _, ae_id in proven}
    was_open = {**before.was_open, COMPANY: still}
    return replace(past, ticketed=proven), replace(before, was_open=was_open)
