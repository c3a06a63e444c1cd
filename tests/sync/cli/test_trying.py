"""Everything that needs no Halo and no AutoElevate: demo, sandbox, match."""

import csv
import json
import os
import signal
import subprocess
import sys
import urllib.request
from email import message_from_bytes, policy

import pytest

from sync.cli.entry import perform
from sync.errors import Exit

SMALL = ("--companies", "6", "--computers", "30", "--seed", "3")


def demo(folder, capsys, *more):
    capsys.readouterr()
    code = perform(["demo", "--dir", str(folder), *SMALL, *more])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_demo_shows_both_sides_the_mail_the_page_and_the_proof(tmp_path, capsys):
    code, out, err = demo(tmp_path / "demo", capsys)

    assert code == Exit.OK, err
    assert "Night 1 of an invented service provider" in out
    assert "Computers" in out
    assert "What costs most" in out
    assert "0 wrong, 0 missed" in out
    assert "\x1b" not in out  # piped: no colours
    mail = message_from_bytes(
        (tmp_path / "demo" / "mail" / "night-0-1.eml").read_bytes(), policy=policy.default
    )
    assert mail["To"] == "admin@msp.example"


def test_each_further_demo_is_the_next_night_of_the_same_world(tmp_path, capsys):
    first = json.loads(demo(tmp_path, capsys, "--json")[1])
    second = json.loads(demo(tmp_path, capsys, "--json")[1])

    assert (first["night"], second["night"]) == (0, 1)
    assert second["links"]["wrong"] == second["links"]["missed"] == 0
    assert second["report"].endswith("000002/index.html")


def test_a_demo_folder_keeps_its_world(tmp_path, capsys):
    demo(tmp_path, capsys)
    code = perform(["demo", "--dir", str(tmp_path), "--companies", "7"])

    assert code == Exit.CONFIG
    assert "holds another world" in capsys.readouterr().err


def test_a_damaged_memory_is_said_with_the_way_out(tmp_path, capsys):
    (tmp_path / "demo.json").write_text("{", encoding="utf-8")
    code, _, err = demo(tmp_path, capsys)

    assert code == Exit.CONFIG
    assert "delete the folder" in err


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, Exit.SIGTERM), (signal.SIGINT, Exit.SIGINT)]
)
def test_the_sandbox_serves_until_it_is_stopped(tmp_path, number, code):
    command = [sys.executable, "-m", "sync", "sandbox", "--dir", str(tmp_path), *SMALL]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        described = json.loads(process.stdout.readline())
        with urllib.request.urlopen(f"{described['halo']['base_url']}/api/authinfo") as answer:
            served = answer.status
        os.kill(process.pid, number)

        assert served == 200
        assert process.wait(timeout=10) == code
        assert process.stdout.read() == b""


@pytest.fixture
def lists(tmp_path):
    """Two lists, and the command that compares them."""
    (tmp_path / "l").write_text("id,name\na,Smith & Sons Ltd\nb,Zzyzx\n", encoding="utf-8")
    (tmp_path / "r").write_text("id,name\n7,Smith and Sons Limited\n", encoding="utf-8")
    return ["match", str(tmp_path / "l"), str(tmp_path / "r"), "--kind", "company"]


def test_two_lists_are_matched_with_reasons(lists, capsys):
    assert perform(lists) == Exit.OK
    header, smith = csv.reader(capsys.readouterr().out.splitlines())

    assert header == ["left_id", "right_id", "rank", "score", "grade", "reason"]
    assert smith[:3] == ["a", "7", "1"]
    assert 0.9 < float(smith[3]) < 1
    assert smith[4] == "strong"
    assert "only “&” against “and” differs" in smith[5]


def test_matches_are_a_document_for_machines(lists, capsys):
    assert perform([*lists, "--json"]) == Exit.OK
    smith, nobody = json.loads(capsys.readouterr().out)["matches"]

    assert (smith["id"], smith["suggestions"][0]["id"]) == ("a", "7")
    assert smith["suggestions"][0]["grade"] == "strong"
    assert "only “&” against “and” differs" in smith["suggestions"][0]["reason"]
    assert nobody == {"id": "b", "name": "Zzyzx", "suggestions": []}


def test_the_best_names_its_runner_up(lists, tmp_path, capsys):
    halo = "id,name\n7,Smith and Sons Limited\n8,Smith & Sonz\n"
    (tmp_path / "r").write_text(halo, encoding="utf-8")

    assert perform(lists) == Exit.OK
    _, best, second = csv.reader(capsys.readouterr().out.splitlines())

    assert (best[1], second[1]) == ("7", "8")
    assert "the next, Smith & Sonz, is" in best[5]
    assert "the next" not in second[5]


def test_a_list_comes_from_another_program_and_unlikely_names_only_if_asked_for(lists):
    ours = b"id,name\nb,Karl Smith Dental\n"
    lists[1] = "-"

    shown = [
        subprocess.run(
            [sys.executable, "-m", "sync", *lists, *more],
            input=ours, capture_output=True, check=True, env=os.environ | {"PYTHONIOENCODING": "ascii"},
        ).stdout.decode().splitlines()[1:]
        for more in ((), ("--all",))
    ]  # fmt: skip

    assert shown[0] == []
    assert shown[1][0].startswith("b,7,1,0.")


def test_a_list_that_cannot_be_read_is_one_sentence_and_a_hint(lists, capsys):
    lists[1] = "missing.csv"

    assert perform(lists) == Exit.USAGE
    assert capsys.readouterr().err.splitlines() == [
        "halosync: missing.csv cannot be read: No such file or directory",
        "  -> - reads standard input",
    ]
