"""The reliability goals as far as every change can afford them; `make reliability` counts in full."""

import pytest

from tests.reliability.goals import MODULES, OVER_ALL, SEED, in_order
from tests.reliability.running import run_goals
from tests.reliability.tally import first


@pytest.mark.slow
@pytest.mark.parametrize("goal", in_order(list(MODULES)))
def test_the_goal_is_met_and_only_reads(goal):
    line, *over_all = run_goals([goal, *OVER_ALL], "push", SEED)

    assert line.tally.trials
    assert first([v for each in (line, *over_all) for v in each.tally.violations]) == []
