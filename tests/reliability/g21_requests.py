"""G21: of everything that was sent, only reads, the one token request, and nobody we do not know.

Judged over the requests of all the other goals: on their way out, by method, host, path and scope.
"""

import re
from collections import Counter

from sync.sandbox.world import World
from sync.sources.http import Request
from tests.reliability import recorder
from tests.reliability.benches.bench import EPOCH, Bench, replaced
from tests.reliability.tally import Tally

ALLOWED = re.compile(
    r"GET halo /api/(Client|Site|Asset|Agent)(/\{id\})?"
    r"|GET halo /api/(Agent/me|InstanceInfo|AssetType|authinfo)"
    r"|POST halo /auth/token scope=read:customers read:assets"
    r"|GET autoelevate /api/v1/(companies|locations|computers)(/\{id\})?"
    r"|GET autoelevate /api/v1/(usage|elevation-requests)"
    rf"|GET halo /api/Tickets{recorder.WANTED}"
    rf"|POST halo /auth/token scope=read:tickets{recorder.WANTED}"
)


def over_all(asked: Counter[str], seed: int) -> Tally:
    """Count every request; a shape that is not listed is a violation, once."""
    del seed
    odd = sorted(shape for shape in asked if not ALLOWED.fullmatch(shape))
    tally = Tally(asked.total(), [f"{asked[shape]} times {shape}" for shape in odd])
    tally.notes["shapes"] = len(asked)
    return tally


def sabotage(seed: int) -> Tally:
    """Let every request be a DELETE for one night."""
    recorder.forget()
    with Bench(World.create(seed, 3, 6, EPOCH)) as bench, replaced(Request, "method", "DELETE"):
        bench.write_users()
        bench.night()
    return over_all(recorder.taken(), seed)
