"""`python -m tests.reliability`: starve, flood and shift halosync, and count what was lost."""

import argparse
import sys

from tests.reliability.goals import MODULES, SEED, of_tier
from tests.reliability.running import run_goals
from tests.reliability.tally import TIERS, first


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("--tier", choices=TIERS, default="release")
    parser.add_argument("--seed", type=int, default=SEED, help="replays a run exactly")
    parser.add_argument("--only", default="", help="goals, separated by commas: G7,G8")
    asked = parser.parse_args()
    wanted = asked.only.upper().split(",") if asked.only else of_tier(asked.tier)
    if unknown := set(wanted) - set(MODULES):
        parser.error(f"no such goal: {', '.join(sorted(unknown))}; known are {', '.join(MODULES)}")
    met = True
    for line in run_goals(wanted, asked.tier, asked.seed):
        print(line, flush=True)
        for violation in first(line.tally.violations):
            print(f"    {violation}", flush=True)
        if line.sabotage == 0:
            print("    its sabotage run found nothing: the goal cannot fail", flush=True)
        met = met and line.met
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
