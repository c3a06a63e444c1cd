"""The geometry of the charts; the templates draw it as table cells or as SVG."""

from collections.abc import Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """A polyline and the area under it, in the coordinates of the given box."""

    points: str
    area: str
    last: tuple[float, float]


def heights(values: Sequence[int], tallest: int) -> tuple[int, ...]:
    """Scale to whole pixels from zero; anything above zero stays visible."""
    top = max(values, default=0)
    if not top:
        return tuple(0 for _ in values)
    return tuple(max(1, round(v * tallest / top)) if v else 0 for v in values)


def line(values: Sequence[int], top: int, width: int, height: int) -> Line:
    """Draw values between zero and `top`; a single value becomes a level line."""
    held = list(values) * 2 if len(values) == 1 else list(values)
    step = width / max(1, len(held) - 1)
    spots = [
        (round(i * step, 1), round(height - v * height / top, 1) if top else float(height))
        for i, v in enumerate(held)
    ]
    if not spots:
        return Line("", "", (0.0, float(height)))
    points = " ".join(f"{x:g},{y:g}" for x, y in spots)
    return Line(points, f"0,{height} {points} {width},{height}", spots[-1])


def nice_top(highest: int) -> int:
    """Give the round number the axis ends at."""
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000):
        if highest <= step:
            return step
    return -(-highest // 100_000) * 100_000
