"""Makes docs/first-evening.md from a real run against the sandbox.

Run it when what the commands print has changed:

    .venv/bin/python -m tests.docs.transcript
"""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from sync.sandbox.serve import Sandbox
from sync.sandbox.world import World

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/first-evening.md"
LONGEST = 100

TEXT = """\
# The first evening

An empty folder, one application in Halo, one key in AutoElevate ([set-up.md](set-up.md)), and ten
minutes. This page is printed by the program itself, against invented systems (`halosync sandbox`);
a test holds it against what the program prints today. `halosync init` asks for what is given here
as options; secrets never stand in a command line.

## init
{init}

## doctor
{doctor}

## run
{run}

## serve
{serve}
Stopped with Ctrl-C. In earnest, let systemd or cron do it: [deployment.md](deployment.md).
"""


@contextmanager
def home() -> Iterator[tuple[Path, Sandbox]]:
    """An empty folder and a sandbox, with the two secrets in files beside it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "halosync"
        folder.mkdir(mode=0o700)
        world = World.create(11, 8, 60, datetime.now(UTC))
        with Sandbox(world) as sandbox:
            connection = sandbox.connection()
            secrets = {
                "halo-secret": connection["halo"]["client_secret"],
                "ae-key": connection["autoelevate"]["bearer_key"],
            }
            for name, secret in secrets.items():
                (Path(scratch) / name).write_text(secret)
            yield folder, sandbox


def commands(sandbox: Sandbox) -> dict[str, list[str]]:
    connection = sandbox.connection()
    smtp = connection["smtp"]
    init = [
        "init", "--halo-url", connection["halo"]["base_url"],
        "--client-id", connection["halo"]["client_id"], "--client-secret-file", "../halo-secret",
        "--autoelevate-key-file", "../ae-key", "--mail-host", smtp["host"],
        "--mail-port", str(smtp["port"]), "--sender", "halosync@msp.example",
        "--to", "admins@msp.example", "--timezone", "Europe/Madrid", "--language", "en",
    ]  # fmt: skip
    return {"init": init, "doctor": ["doctor", "--send-test"], "run": ["run"], "serve": ["serve"]}


def make() -> str:
    """Run the four commands and give the page."""
    with home() as (folder, sandbox):
        told = {
            name: plain(typed(arguments) + perform(folder, sandbox, arguments), sandbox)
            for name, arguments in commands(sandbox).items()
        }
    return TEXT.format(**{name: f"```\n{text.rstrip()}\n```" for name, text in told.items()})


def typed(arguments: list[str]) -> str:
    """The command as a person would write it, a long one with an option a line."""
    line = "halosync " + " ".join(arguments)
    if len(line) > LONGEST:
        line = " \\\n    ".join(re.split(r" (?=--)", line))
    return f"$ {line}\n"


def perform(folder: Path, sandbox: Sandbox, arguments: list[str]) -> str:
    """Type it in the folder; both streams as they come."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "HALOSYNC_AUTOELEVATE__BASE_URL": sandbox.connection()["autoelevate"]["base_url"],
        "HALOSYNC_AUTOELEVATE__SPACING_SECONDS": "0",
    }
    with subprocess.Popen(
        [sys.executable, "-m", "sync", *arguments],
        cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, encoding="utf-8",
    ) as process:  # fmt: skip
        if arguments[0] == "serve":
            await_beat(folder / "state/serve.alive")
            process.send_signal(signal.SIGINT)
        told, _ = process.communicate(timeout=120)
    return told


def await_beat(file: Path) -> None:
    """Until the service says that it is alive."""
    until = time.monotonic() + 60
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.05)


def plain(text: str, sandbox: Sandbox) -> str:
    """Give addresses, times and sizes that differ each time one form."""
    connection = sandbox.connection()
    smtp = connection["smtp"]
    for real, shown in {
        f"{smtp['host']}:{smtp['port']}": "smtp.msp.example:587",
        f"--mail-host {smtp['host']}": "--mail-host smtp.msp.example",
        f"--mail-port {smtp['port']}": "--mail-port 587",
        connection["halo"]["base_url"]: "https://msp.halopsa.com",
        connection["autoelevate"]["base_url"]: "https://partner-api.autoelevate.com",
    }.items():
        text = text.replace(real, shown)
    for pattern, shown in (
        (r"/\S*/halosync/", "/srv/halosync/"),
        (r"[\d,]+ MB free", "80,000 MB free"),
        (r"within \d+ s", "within 1 s"),
        (r"\d{4}-\d\d-\d\dT[\d:.]+(?:Z|\+00:00)", "2026-11-23T19:05:00.000+00:00"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d (?:CEST|CET)", "2026-11-24 05:00 CET"),
        (r"^( +ok +State folder.*?); the first run makes it$", r"\1; the first run makes it"),
    ):
        text = re.sub(pattern, shown, text, flags=re.MULTILINE)
    return text


if __name__ == "__main__":
    PAGE.write_text(make(), encoding="utf-8")
