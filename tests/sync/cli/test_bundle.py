"""`halosync bundle`: no secret and no name leaves the house, and the problem replays elsewhere."""

import base64
import json
import stat
import zipfile

import pytest

from sync.app.bundle import versions
from sync.app.connections import Tape
from sync.app.installation import installation
from sync.app.night import Wish, run_once
from sync.app.ordering import order
from sync.app.redaction import Redactor
from sync.cli.entry import perform
from sync.clock import SystemClock
from sync.config import secrets
from sync.core.records import Kind
from sync.errors import Exit
from sync.sandbox.serve import describe, prepare

CANARIES = ("quorblatt", "zimmerling", "vexhollow", "tragwyn", "oszkelba", "myrnithe")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A sandbox whose names would be known anywhere, one published night, and a bundle of it."""
    folder = tmp_path_factory.mktemp("house")
    with prepare(folder, seed=5, companies=12, computers=80) as sandbox:
        plant(sandbox.world)
        file = describe(sandbox, folder)["config"]
        assert perform(
            ["run", "-c", file, "--log-file", str(folder / "state/logs/halosync.log")]
        ) in {0, 3}
        leave_traces(folder, sandbox.connection())
        bundle = folder / "bundle.zip"
        assert perform(["bundle", "-c", file, "--out", str(bundle)]) == Exit.OK
        yield folder


def leave_traces(folder, connection):
    """A log and a crash file as bad as they could be: with names and a secret in them."""
    secret = connection["halo"]["client_secret"]
    line = f"client Quorblat Dental Limited of ana.tragwyn@oszkelba.example: {secret}\n"
    logs = folder / "state/logs"
    logs.mkdir(parents=True, exist_ok=True)
    with (logs / "halosync.log").open("a", encoding="utf-8") as log:
        log.write(line)
    (logs / "crash-20261123T000000Z-1.txt").write_text(line, encoding="utf-8")


def plant(world):
    """Names of every kind, in every place a name can be."""
    with world.changing():
        company, client = next(iter(world.companies.values())), next(iter(world.clients.values()))
        company.name = company.management_id = "Quorblatt Dental Ltd"
        client.name = "Quorblat Dental Limited"
        next(iter(world.sites.values())).name = "Vexhollow Campus"
        next(iter(world.locations.values())).name = "Vexhollow  campus"
        next(iter(world.computers.values())).name = "ZIMMERLING-PC01"
        asset = next(iter(world.assets.values()))
        asset.host = "ZIMMERLING-PC01"
        asset.username = "tragwyn"
        technician = next(iter(world.technicians.values()))
        technician.name, technician.email = "Ana Tragwyn", "ana.tragwyn@oszkelba.example"
        agents = [a for a in world.agents.values() if not a.system]
        agents[-1].name, agents[-1].email = "Ana Tragwyn", "ana.tragwyn@oszkelba.example"
        agents[0].name = "Myrnithe Bot"


@pytest.fixture(scope="module")
def contents(house):
    with zipfile.ZipFile(house / "bundle.zip") as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_canaries_are_really_in_what_is_packed(house):
    config = house / "config.yaml"
    here = installation(str(config), Redactor())
    with prepare(house, seed=5, companies=12, computers=80) as sandbox:
        plant(sandbox.world)
        names = {
            r.name for t in (sandbox.world.companies, sandbox.world.agents) for r in t.values()
        }

    assert {"Quorblatt Dental Ltd", "Myrnithe Bot"} <= names
    assert here.where.log_file.exists()


@pytest.mark.parametrize("canary", CANARIES)
def test_no_real_name_is_in_it(contents, canary):
    for name, content in contents.items():
        assert canary not in (name + content.decode("utf-8", "replace")).casefold()


def test_no_secret_is_in_it(house, contents):
    config = installation(str(house / "config.yaml"), Redactor()).config
    for secret in secrets(config):
        for form in (secret, base64.b64encode(secret.encode()).decode().rstrip("=")[:-1]):
            for content in contents.values():
                assert form.casefold() not in content.decode("utf-8", "replace").casefold()


def test_the_file_is_for_its_owner_only(house):
    assert stat.S_IMODE((house / "bundle.zip").stat().st_mode) == 0o600


def test_it_holds_what_somebody_who_helps_asks_for(contents):
    runs, doctor = json.loads(contents["runs.json"]), json.loads(contents["doctor.json"])

    assert {m["collection"] for m in runs[0]["manifests"]} >= {"halo.clients", "ae.computers"}
    assert any(check["code"] == "name-field" for check in doctor)
    assert "requests" in json.loads(contents["versions.json"])["libraries"]
    assert any(name.startswith("recording/halo/") for name in contents)
    assert b"halosync run --replay recording" in contents["README.txt"]
    assert {"logs/halosync.log", "logs/crash-20261123T000000Z-1.txt"} <= contents.keys()


def replayed(folder, recording, config):
    """Every verdict of a replayed night."""
    here = installation(str(config), Redactor())
    clock = SystemClock()
    wish = Wish(order(here, clock.now(), dry_run=True), tape=Tape(replay=recording))
    return run_once(here, wish, clock).result


@pytest.fixture(scope="module")
def twice(house, tmp_path_factory):
    """The same night judged from the real recording and from the disguised one."""
    folder = tmp_path_factory.mktemp("twice")
    real = folder / "real"
    with prepare(house, seed=5, companies=12, computers=80) as sandbox:
        plant(sandbox.world)
        config = describe(sandbox, house)["config"]
        assert perform(["run", "-c", config, "--dry-run", "--record", str(real)]) in {0, 3}
        bundle = folder / "bundle.zip"
        assert (
            perform(["bundle", "-c", config, "--recording", str(real), "--out", str(bundle)]) == 0
        )
    with zipfile.ZipFile(bundle) as archive:
        archive.extractall(folder / "bundle")
    before = replayed(folder, real, config)
    after = replayed(folder, folder / "bundle/recording", folder / "bundle/config.yaml")
    return before, after


def outcomes(result):
    return sorted((v.kind, v.ae_id, v.outcome, v.halo_id, v.rivals, v.differences)
                  for v in result.verdicts if v.kind is not Kind.USER)  # fmt: skip


def test_the_same_problem_replays_under_other_names(twice):
    before, after = twice

    assert len(outcomes(before)) > 80
    assert outcomes(after) == outcomes(before)
    assert after.counts == before.counts


def test_technicians_have_other_addresses_and_the_same_outcomes(twice):
    before, after = (
        sorted((v.outcome, v.halo_id or "") for v in result.verdicts if v.kind is Kind.USER)
        for result in twice
    )

    assert after == before


def test_most_suggestions_are_the_same(twice):
    before, after = (
        {
            (f.kind, f.ae_id): f.suggestions[0].halo_id
            for f in result.findings
            if f.suggestions and f.kind is not Kind.USER
        }
        for result in twice
    )
    same = sum(after.get(key) == target for key, target in before.items())

    assert before
    assert same >= 0.8 * len(before)


def test_a_bundle_that_is_there_is_not_replaced(house):
    before = (house / "bundle.zip").read_bytes()

    code = perform(
        [
            "bundle",
            "--offline",
            "-c",
            str(house / "config.yaml"),
            "--out",
            str(house / "bundle.zip"),
        ]
    )

    assert code == Exit.USAGE
    assert (house / "bundle.zip").read_bytes() == before


def test_offline_nobody_is_contacted(house, tmp_path):
    out = tmp_path / "offline.zip"

    assert (
        perform(["bundle", "--offline", "-c", str(house / "config.yaml"), "--out", str(out)]) == 0
    )
    with zipfile.ZipFile(out) as archive:
        assert not [name for name in archive.namelist() if name.startswith("recording")]
        assert json.loads(archive.read("doctor.json")) == []


def test_a_folder_that_is_no_recording_is_refused(house, tmp_path, capsys):
    (tmp_path / "recording.json").write_text("{}")
    (tmp_path / "halo").mkdir()
    (tmp_path / "halo" / "000001.json").write_text("[]")

    code = perform(["bundle", "-c", str(house / "config.yaml"), "--recording", str(tmp_path),
                    "--out", str(tmp_path / "x.zip")])  # fmt: skip

    assert code == Exit.CONFIG
    assert "is no recording of halosync" in capsys.readouterr().err


def test_versions_name_our_libraries_and_no_others():
    found = versions()

    assert "pydantic" in found["libraries"]
    assert "pytest" not in found["libraries"]
