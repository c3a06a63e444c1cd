"""Pulls a whole AutoElevate from a stand-in."""

from sync.core.records import Collection
from sync.sources.autoelevate import AutoElevateSource
from sync.sources.ledger import MemoryLedger
from tests.sync.sources.stand_in import (
    ae_settings,
    wire,
)

COMPANIES, LOCATIONS = Collection.AE_COMPANIES, Collection.AE_LOCATIONS
COMPUTERS = Collection.AE_COMPUTERS
HMAC = {"key": "aeh_0123456789", "hmac_key": "00112233445566778899aabbccddeeff" * 2}


def pull(stand_in, ledger=None, seconds=36_000, **changes):
    with wire(stand_in.clock, seconds) as real:
        settings = ae_settings(stand_in.url, **changes)
        source = AutoElevateSource(settings, real, ledger or MemoryLedger())
        return {p.manifest.collection: p for p in source.pull()}


def asking(stand_in, question, **changes):
    with wire(stand_in.clock) as real:
        source = AutoElevateSource(ae_settings(stand_in.url, **changes), real, MemoryLedger())
        return question(source)
