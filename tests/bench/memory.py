"""How much memory this process holds, and has held at most since it was last asked."""

import resource
from pathlib import Path

STATUS = Path("/proc/self/status")


def forget_peak() -> None:
    """Reset the kernel's high-water mark, where it can be reset (Linux)."""
    path = Path("/proc/self/clear_refs")
    if path.exists():
        path.write_text("5")


def peak_mb() -> float:
    return _mb("VmHWM")


def resident_mb() -> float:
    return _mb("VmRSS")


def _mb(name: str) -> float:
    if STATUS.exists():
        line = next(x for x in STATUS.read_text().splitlines() if x.startswith(name))
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
