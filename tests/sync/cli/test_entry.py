"""The command line as a whole: help, usage, errors, options before and after the verb."""

import json
import subprocess
import sys

import pytest

from sync.cli.entry import VERBS, perform
from sync.errors import Exit

HEAVY = {"pandas", "numpy", "sqlalchemy", "pydantic", "requests", "rich", "apscheduler", "jinja2"}
GROUPS = {"report": ("show", "send", "preview"), "schedule": ("show",),
          "config": ("check", "show", "schema", "paths")}  # fmt: skip


def test_help_answers_without_loading_anything_heavy():
    program = (
        "import sys; from sync.cli.entry import perform; code = perform(['--help']);"
        "print(sorted({m.partition('.')[0] for m in sys.modules}), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert "Usage: halosync" in done.stdout
    assert not HEAVY & set(done.stderr.replace("'", "").strip("[]\n").split(", "))


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself(verb, capsys):
    assert perform([verb, "--help"]) == Exit.OK

    told = capsys.readouterr().out
    assert f"Usage: halosync {verb}" in told
    assert "-c, --config" in told
    for inner in GROUPS.get(verb, ()):
        assert perform([verb, inner, "-h"]) == Exit.OK


@pytest.mark.parametrize(
    "arguments",
    [["rum"], ["run", "--nonsense"], ["report", "burn"], ["ack"], ["ack", "x", "--by", "a"],
     ["history", "--limit", "0"], ["match", "a", "b"], ["match", "a", "b", "--kind", "dog"]],
)  # fmt: skip
def test_a_wrong_word_is_exit_2_with_the_way_to_help(arguments, capsys):
    code = perform(arguments)

    said = capsys.readouterr()
    assert code == Exit.USAGE
    assert said.out == ""
    assert said.err.startswith("halosync: ")
    assert "--help" in said.err
    assert "Traceback" not in said.err


def test_errors_are_json_where_answers_are(tmp_path, capsys):
    config = tmp_path / "config.yaml"
    config.write_text("halo: {tenant: NO}\n", encoding="utf-8")
    code = perform(["--json", "config", "check", "-c", str(config)])

    said = capsys.readouterr()
    document = json.loads(said.err)
    assert code == document["exit_code"] == Exit.CONFIG
    assert said.out == ""
    assert document["mistakes"][0]["path"] == "autoelevate"
    assert "halo.tenant" in {mistake["path"] for mistake in document["mistakes"]}


def test_a_usage_error_is_json_too(capsys):
    assert perform(["--json", "rum"]) == Exit.USAGE

    assert json.loads(capsys.readouterr().err)["exit_code"] == 2


def test_a_wrong_configuration_lists_every_mistake_and_contacts_nobody(tmp_path, capsys):
    config = tmp_path / "config.yaml"
    config.write_text(
        "halo: {base_url: http://a.example}\nreport: {policy: no}\n", encoding="utf-8"
    )
    code = perform(["run", "-c", str(config)])

    lines = capsys.readouterr().err.splitlines()
    assert code == Exit.CONFIG
    assert lines[0] == "halosync: 5 mistakes in the configuration; nothing was contacted"
    assert len([line for line in lines if "config.yaml" in line]) == 5
    assert list(tmp_path.iterdir()) == [config]


def test_options_stand_before_or_after_the_verb(home):
    perform(["-c", str(home.config), "--json", "config", "paths"])
    before = home.capsys.readouterr().out
    perform(["config", "paths", "--json", "-c", str(home.config)])

    assert home.capsys.readouterr().out == before


def test_options_may_stand_in_the_environment(home, monkeypatch):
    monkeypatch.setenv("HALOSYNC_JSON", "1")
    monkeypatch.setenv("HALOSYNC_CONFIG", str(home.config))
    code = perform(["config", "check"])

    assert code == Exit.OK
    assert json.loads(home.capsys.readouterr().out)["valid"] is True


def test_the_version_is_told(capsys):
    assert perform(["--version"]) == Exit.OK
    assert capsys.readouterr().out.startswith("halosync 0.")


def test_nothing_typed_is_answered_with_help(capsys):
    assert perform([]) == Exit.USAGE
    assert capsys.readouterr().err.startswith("Usage: halosync")


def test_a_group_without_its_verb_is_answered_with_its_verbs(capsys):
    assert perform(["decide"]) == Exit.USAGE

    said = capsys.readouterr().err
    assert said.startswith("Usage: halosync decide")
    assert "accept" in said
