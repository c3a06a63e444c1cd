"""The reliability goals as far as every change can afford them; `make reliability` counts in full."""

import pytest

from tests.reliability.goals import SEED, is_over_all, of_tier
from tests.reliability.running import run_goals
from tests.reliability.tally import first

OF_TIER = of_tier("push")
OVER_ALL = [goal for goal in OF_TIER if is_over_all(goal)]


@pytest.mark.slow
@pytest.mark.parametrize("goal", [goal for goal in OF_TIER if goal not in OVER_ALL])
def test_the_goal_is_met_and_only_reads(goal):
    line, *over_all = run_goals([goal, *OVER_ALL], "push", SEED)

    assert line.tally.trials
    assert first([v for each in (line, *over_all) for v in each.tally.violations]) == []
