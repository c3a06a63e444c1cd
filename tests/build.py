"""Records, pulls and nights for tests, with every detail that does not matter left out."""

from datetime import UTC, datetime, timedelta

from sync.core.pulls import Manifest, Night, Pull, State
from sync.core.records import AE_OF, HALO_OF, AeRecord, Collection, HaloRecord, Kind

NIGHT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


def ae(kind, id, name, *, inside=None, email="", seen_days_ago=0, location=None, **more):  # noqa: A002
    seen = NIGHT - timedelta(days=seen_days_ago) if kind is Kind.COMPUTER else None
    return AeRecord(
        kind, id, name, company=inside, location=location, email=email, last_seen=seen, **more
    )


def halo(kind, id, name, *, inside=None, email="", active=True, names=None, **more):  # noqa: A002
    if kind is Kind.COMPUTER:
        names = (("key_field", name),) if names is None else names
    return HaloRecord(
        kind, id, name, client=inside, email=email, active=active, names=names or (), **more
    )


def by_kind(*records):
    """Split records into the two mappings that `link_all` takes."""
    sides = {AeRecord: {k: [] for k in Kind}, HaloRecord: {k: [] for k in Kind}}
    for record in records:
        sides[type(record)][record.kind].append(record)
    return sides[AeRecord], sides[HaloRecord]


def pull(collection, records=(), *, state=State.COMPLETE, cause="", **more):
    n = len(records)
    manifest = Manifest(
        collection, state, cause=cause, declared=n, received=n, unique=n, ended=NIGHT, **more
    )
    return Pull(manifest, tuple(records))


def night(*records, states=None, off=(), requests=None):
    """Build a night in which every collection was pulled, unless `off` or given a `state`."""
    ours, theirs = by_kind(*records)
    pulls = {}
    for lists, of in ((ours, AE_OF), (theirs, HALO_OF)):
        for kind, collection in of.items():
            state = (states or {}).get(collection, State.COMPLETE)
            if collection not in off:
                pulls[collection] = pull(collection, lists[kind], state=state)
    return Night({c: pulls[c] for c in Collection if c in pulls}, recent_requests=requests)
