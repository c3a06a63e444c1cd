"""`halosync sandbox`: the invented systems alone, for whoever wants to try their own client."""

import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from sync.sandbox.serve import describe, prepare


def serve_sandbox(
    folder: Path, world: Mapping[str, int], stop: threading.Event, say: Callable[[str], None]
) -> None:
    """Serve until stopped; the one line that is said first holds all a client needs."""
    with prepare(folder, **world) as sandbox:
        say(json.dumps(describe(sandbox, folder)))
        while not stop.wait(1.0):  # short, since Windows delivers signals only between two waits
            pass
