"""The section on ticket evidence: off unless it is there, and never without saying whose tickets."""

import pytest

from sync.config import ConfigMistakes, load
from tests.sync.config.test_mistakes import text_with


def loaded(tmp_path, *lines):
    file = tmp_path / "c.yaml"
    file.write_text(text_with("ticket_evidence", *lines) if lines else text_with("halo"))
    file.chmod(0o600)
    return load(str(file), {}, cron=lambda _: "").config.ticket_evidence


def test_it_is_off_unless_it_is_named(tmp_path):
    assert loaded(tmp_path) is None


def test_an_agent_a_type_by_name_or_by_id_is_enough(tmp_path):
    by_agent = loaded(tmp_path, "agent: AutoElevate API")
    assert (by_agent.agent, by_agent.ticket_type, by_agent.days) == ("AutoElevate API", None, 30)
    assert loaded(tmp_path, "ticket_type: Elevation", "days: 7").ticket_type == "Elevation"
    assert loaded(tmp_path, "ticket_type: 31").ticket_type == 31


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (["days: 9"], "ticket_evidence: names neither an agent nor a ticket type"),
        (["agent: '  '"], "ticket_evidence.agent: is empty"),
        (["agent: A", "days: 0"], "ticket_evidence.days"),
        (["agent: A", "days: 91"], "ticket_evidence.days"),
        (["agent: 12"], "ticket_evidence.agent: must be text"),
        (["ticket_type: true"], "ticket_evidence.ticket_type"),
        (["agnt: A"], "ticket_evidence.agnt"),
    ],
)
def test_each_mistake_is_one_sentence_with_its_place(tmp_path, lines, words):
    with pytest.raises(ConfigMistakes) as caught:
        loaded(tmp_path, *lines)

    (said,) = [str(m) for m in caught.value.mistakes]
    assert words in said
