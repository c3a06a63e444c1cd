"""A year of nights over a large tenant: how the database grows, and whether nights get slower.

Run as `make bench-year`. 365 nights, 20,000 computers, one percent of them changed every night:
renamed on both sides, renamed on one, or replaced. No sockets and no reports: records are handed
to the guard, the judge and the store as the sources would hand them over.
"""

import argparse
import statistics
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from random import Random

from sync.core import guard, judge
from sync.core.pulls import Answer, Manifest, Night, Pull, State
from sync.core.records import AE_OF, HALO_OF, AeRecord, Collection, HaloRecord, Kind
from sync.core.result import Edition
from sync.interpreter import no_collecting
from sync.store import Store
from tests.clock import Calendar

NIGHTS, COMPUTERS, COMPANY_SIZE = 365, 20_000, 40
CHANGED = 100  # one computer in so many every night
OPEN = 50  # one computer in so many has no asset
LISTS = [*AE_OF.values(), *HALO_OF.values()]


class Tenant:
    """Companies with computers and their assets, changed a little every night."""

    def __init__(self, computers: int, seed: int) -> None:
        self.rng = Random(seed)
        self.made = 0
        self.ours: dict[str, AeRecord] = {}
        self.theirs: dict[str, HaloRecord] = {}
        self.companies = [f"c{n}" for n in range(max(1, computers // COMPANY_SIZE))]
        self.heads = [AeRecord(Kind.COMPANY, c, f"Firm {c}") for c in self.companies]
        self.clients = [HaloRecord(Kind.COMPANY, c[1:], f"Firm {c}") for c in self.companies]
        for _ in range(computers):
            self.machine()

    def machine(self) -> None:
        self.made += 1
        n, company = self.made, self.rng.choice(self.companies)
        self.ours[f"p{n}"] = AeRecord(Kind.COMPUTER, f"p{n}", f"WS-{n:06}", company)
        if n % OPEN:
            self.theirs[f"{n}"] = self.asset(f"{n}", f"WS-{n:06}", company[1:])

    def asset(self, asset_id: str, name: str, client: str) -> HaloRecord:
        names = (("key_field", name),)
        return HaloRecord(Kind.COMPUTER, asset_id, name, client, active=True, names=names)

    def day(self) -> set[tuple[Collection, str]]:
        """Change one percent; gives what left for good."""
        gone = set()
        for key in self.rng.sample(sorted(self.ours), len(self.ours) // CHANGED):
            way, asset_id = self.rng.randrange(4), key[1:]
            if way == 0:
                del self.ours[key]
                gone.add((Collection.AE_COMPUTERS, key))
                if self.theirs.pop(asset_id, None):
                    gone.add((Collection.HALO_ASSETS, asset_id))
                self.machine()
                continue
            name = f"WS-{self.rng.getrandbits(48):012X}"
            self.ours[key] = self.ours[key]._replace(name=name)
            if way > 1 and asset_id in self.theirs:
                client = self.theirs[asset_id].client or ""
                self.theirs[asset_id] = self.asset(asset_id, name, client)
        return gone

    def night(self, at) -> Night:
        """List everything; every computer checked in an hour ago."""
        seen = at - timedelta(hours=1)
        lists = {
            Collection.AE_COMPANIES: self.heads,
            Collection.HALO_CLIENTS: self.clients,
            Collection.AE_COMPUTERS: [r._replace(last_seen=seen) for r in self.ours.values()],
            Collection.HALO_ASSETS: [*self.theirs.values()],
        }
        return Night({c: _pull(c, lists.get(c, []), at) for c in LISTS})


def _pull(collection: Collection, records, at) -> Pull:
    n = len(records)
    manifest = Manifest(
        collection, State.COMPLETE, declared=n, received=n, unique=n, started=at, ended=at
    )
    return Pull(manifest, tuple(records))


def one_night(store: Store, clock: Calendar, tenant: Tenant, gone) -> int:
    """Judge and publish; gives how many findings are open."""
    facts = store.begin(f"nightly/{clock.at:%Y-%m-%d}", clock.at, timezone="UTC", config_hash="")
    tonight = tenant.night(clock.at)
    past = store.recall(clock.at)
    answers = dict.fromkeys(gone, Answer.GONE)
    standing = {c: store.standing(c, ids) for c, ids in guard.missing(tonight, past).items()}
    with no_collecting():  # as `job.run` does it
        trust = guard.weigh(tonight, past, answers, standing, guard.Limits())
        result = judge.judge(facts, tonight, trust, past, judge.Settings())
    store.publish(tonight, result, Edition())
    return len(result.findings)


def year(nights: int, computers: int, seed: int) -> None:
    clock, tenant = Calendar(), Tenant(computers, seed)
    with tempfile.TemporaryDirectory(prefix="halosync-year-") as folder:
        path = Path(folder) / "state" / "halosync.sqlite3"
        path.parent.mkdir(mode=0o700)
        seconds, cpu, sizes, gone = [], [], [], set()
        with Store.open(path, clock) as store:
            for number in range(nights):
                start, busy = time.perf_counter(), time.process_time()
                open_rows = one_night(store, clock, tenant, gone)
                seconds.append(time.perf_counter() - start)
                cpu.append(time.process_time() - busy)
                sizes.append(_size(path))
                clock.at += timedelta(days=1)
                gone = tenant.day()
                if number % 50 == 0 or number == nights - 1:
                    print(
                        f"night {number + 1:>4}: {seconds[-1]:6.2f} s, {sizes[-1] / 1e6:8.1f} MB,"
                        f" {open_rows} open",
                        flush=True,
                    )
            complaints = store.check_invariants()
        told(seconds, cpu, sizes, complaints)


def _size(path: Path) -> int:
    return sum(part.stat().st_size for part in path.parent.glob(f"{path.name}*"))


def told(seconds: list[float], cpu: list[float], sizes: list[int], complaints: list[str]) -> None:
    """Print what the year cost; the first night fills, so the next ten are the yardstick."""
    growth = (sizes[-1] - sizes[1]) / max(1, len(sizes) - 2)
    print(
        f"database  {sizes[1] / 1e6:.1f} MB after the second night, {sizes[-1] / 1e6:.1f} at last"
    )
    print(f"growth    {growth / 1e3:.0f} kB a night")
    for name, taken in (("seconds", seconds), ("CPU", cpu)):
        early, late = statistics.median(taken[1:11]), statistics.median(taken[-10:])
        print(
            f"{name:<9} {early:.2f} in nights 2 to 11, {late:.2f} in the last: x{late / early:.2f}"
        )
    print(f"in all    {sum(seconds):.0f} s, {sum(cpu):.0f} s of CPU, {len(seconds)} nights")
    print(f"verify    {'sound' if not complaints else complaints[:3]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nights", type=int, default=NIGHTS)
    parser.add_argument("--computers", type=int, default=COMPUTERS)
    parser.add_argument("--seed", type=int, default=2026)
    asked = parser.parse_args()
    year(asked.nights, asked.computers, asked.seed)


if __name__ == "__main__":
    main()
