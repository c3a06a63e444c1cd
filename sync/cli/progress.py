"""Progress bars for people: one per list, on stderr, and only while a run pulls."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import TaskID

    from sync.core.records import Collection

Progress = Callable[["Collection", int, int | None], None]


@contextmanager
def pulling(*, wanted: bool) -> Iterator[Progress | None]:
    """Draw bars while the block runs; None where nobody would see them."""
    if not wanted:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    from sync.words import speak

    words = speak("en")
    columns = (TextColumn("{task.description:<24}"), BarColumn(), MofNCompleteColumn())
    tasks: dict[Collection, TaskID] = {}
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:

        def show(collection: "Collection", rows: int, total: int | None) -> None:
            if collection not in tasks:
                tasks[collection] = bars.add_task(words.collection(collection), total=total)
            bars.update(tasks[collection], completed=rows, total=total)

        yield show
