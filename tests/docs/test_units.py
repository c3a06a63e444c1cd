"""The deployment files are valid where systemd can say so, and harden what they start."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sync.cli.entry import halosync
from sync.config.shape import secret_paths, variable

DEPLOY = Path(__file__).parents[2] / "docs/deploy"
LARGEST_EXPOSURE = 3.0

systemd = pytest.mark.skipif(
    shutil.which("systemd-analyze") is None, reason="systemd-analyze is not on this machine"
)


@pytest.fixture
def units(tmp_path):
    """The two units as files that can be verified: the program they start exists here."""
    for name in ("halosync.service", "halosync.timer"):
        text = (DEPLOY / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text.replace("/opt/halosync/bin/halosync", sys.executable))
    return tmp_path


def analyze(*arguments):
    return subprocess.run(
        ["systemd-analyze", *map(str, arguments)], capture_output=True, text=True, check=False
    )


@systemd
def test_systemd_finds_nothing_wrong_with_the_units(units):
    done = analyze("verify", units / "halosync.timer", units / "halosync.service")

    ours = [line for line in done.stderr.splitlines() if "halosync" in line]
    assert (done.returncode, ours) == (0, [])


@systemd
def test_systemd_finds_a_mistake_in_a_unit(units):
    service = units / "halosync.service"
    service.write_text(service.read_text().replace("DynamicUser=yes", "DynamicUsr=yes"))

    assert "DynamicUsr" in analyze("verify", service).stderr


@systemd
def test_the_service_is_exposed_to_little(units):
    done = analyze("security", "--offline=true", units / "halosync.service")
    found = re.search(r"Overall exposure level.*: ([0-9.]+)", done.stdout)
    if found is None:
        pytest.skip(f"this systemd cannot judge offline: {done.stderr.strip()[:100]}")

    assert float(found[1]) <= LARGEST_EXPOSURE


def test_every_credential_is_a_secret_of_the_configuration():
    text = (DEPLOY / "halosync.service").read_text(encoding="utf-8")
    credentials = set(re.findall(r"^LoadCredential=(\w+):", text, re.MULTILINE))

    assert credentials
    assert credentials <= {variable(path) for path in secret_paths()}


def commands():
    """Every `halosync ...` that the deployment files start."""
    for file in sorted(DEPLOY.iterdir()):
        for line in file.read_text(encoding="utf-8").splitlines():
            if "/halosync " in line and not line.startswith("#"):
                yield file.name, line.partition("/halosync ")[2].split()


@pytest.mark.parametrize(("file", "arguments"), list(commands()))
def test_what_is_started_exists_and_takes_these_options(file, arguments):
    verb, options = arguments[0], [part for part in arguments if part.startswith("--")]
    command = halosync.get_command(None, verb)
    known = {name for parameter in command.params for name in parameter.opts}

    assert set(options) <= known
    assert "--slot" in options
