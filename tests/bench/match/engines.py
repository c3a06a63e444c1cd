"""One engine over one set, in a process of its own: `python engines.py ENGINE in.json out.json`.

Stands alone: the throw-away environment with the rivals has neither the product nor its
dependencies, so what an engine needs is imported inside it.
"""

# ruff: noqa: PLC0415 -- each engine imports its library inside, see above
import json
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

Rows = list[list[str]]
Answers = dict[str, list[tuple[str, float]]]


def halosync(left: Rows, right: Rows, floor: float = 0.0) -> Answers:
    from sync.core.records import Kind
    from sync.core.suggest import Entry, match

    found = match(
        [Entry(i, n) for i, n in left], [Entry(i, n) for i, n in right], Kind.COMPANY, floor=floor
    )
    return {
        row[0]: [(s.halo_id, s.score) for s in suggestions]
        for row, suggestions in zip(left, found, strict=True)
    }


def halosync_as_shipped(left: Rows, right: Rows) -> Answers:
    return halosync(left, right, floor=0.5)


def _rapidfuzz(left: Rows, right: Rows, scorer: str) -> Answers:
    import numpy as np
    from rapidfuzz import fuzz, process, utils

    rights = [utils.default_process(name) for _, name in right]
    answers: Answers = {}
    for low in range(0, len(left), 500):
        rows = left[low : low + 500]
        scores = process.cdist(
            [utils.default_process(name) for _, name in rows],
            rights,
            scorer=getattr(fuzz, scorer),
            dtype=np.float32,
            workers=2,
        )
        best = np.argsort(-scores, axis=1, kind="stable")[:, :3]
        for row, (ident, _) in enumerate(rows):
            answers[ident] = [(right[c][0], float(scores[row, c]) / 100) for c in best[row]]
    return answers


def token_sort(left: Rows, right: Rows) -> Answers:
    return _rapidfuzz(left, right, "token_sort_ratio")


def wratio(left: Rows, right: Rows) -> Answers:
    return _rapidfuzz(left, right, "WRatio")


def string_grouper(left: Rows, right: Rows) -> Answers:
    import pandas as pd
    from string_grouper import match_strings

    found = match_strings(
        pd.Series([n for _, n in right]),
        pd.Series([n for _, n in left]),
        max_n_matches=3,
        min_similarity=0.1,
        ignore_index=False,
    )
    return _ranked(
        (left[int(b)][0], right[int(a)][0], float(s))
        for a, b, s in zip(
            found["left_index"], found["right_index"], found["similarity"], strict=True
        )
    )


def _ranked(rows) -> Answers:
    answers: Answers = {}
    for ident, other, score in rows:
        answers.setdefault(ident, []).append((other, score))
    return {i: sorted(found, key=lambda row: -row[1])[:3] for i, found in answers.items()}


def splink(left: Rows, right: Rows) -> Answers:
    import pandas as pd
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator

    def frame(rows: Rows) -> pd.DataFrame:
        names = pd.Series([n.lower() for _, n in rows])
        words = names.str.replace(r"[^\w ]", " ", regex=True).str.split()
        return pd.DataFrame(
            {
                "unique_id": [i for i, _ in rows],
                "name": names,
                "begins": names.str[:4],
                "first": words.str[0].fillna(""),
                "last": words.str[-1].fillna(""),
                "ends": names.str[-6:],
            }
        )

    blocks = ["l.begins = r.begins", "l.first = r.first", "l.ends = r.ends"]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.93, 0.88, 0.8]),
            cl.JaroWinklerAtThresholds("first", [0.9]),
            cl.JaroWinklerAtThresholds("last", [0.9]),
        ],
        blocking_rules_to_generate_predictions=blocks,
    )
    database = DuckDBAPI()
    if hasattr(database, "register"):  # splink 5 takes registered tables, splink 4 frames
        tables = [database.register(frame(rows)) for rows in (left, right)]
        linker = Linker(tables, settings)
    else:
        linker = Linker([frame(left), frame(right)], settings, db_api=database)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation("l.begins = r.begins")
    found = linker.inference.predict(threshold_match_probability=0.001).as_pandas_dataframe()
    lefts = {i for i, _ in left}
    pairs = zip(found["unique_id_l"], found["unique_id_r"], found["match_probability"], strict=True)
    return _ranked((a, b, float(p)) if a in lefts else (b, a, float(p)) for a, b, p in pairs)


def recordlinkage(left: Rows, right: Rows) -> Answers:
    import pandas as pd
    import recordlinkage as rl

    one, other = (
        pd.DataFrame({"name": [n.lower() for _, n in rows]}, index=[i for i, _ in rows])
        for rows in (left, right)
    )
    one["block"], other["block"] = one["name"].str[:1], other["name"].str[:1]
    indexer = rl.Index()
    indexer.block("block")
    pairs = indexer.index(one, other)
    compare = rl.Compare()
    compare.string("name", "name", method="jarowinkler", label="name")
    scores = compare.compute(pairs, one, other)["name"]
    return _ranked((a, b, float(s)) for (a, b), s in scores.items() if s > 0.6)


ENGINES: dict[str, Callable[[Rows, Rows], Answers]] = {
    "halosync": halosync,
    "halosync as shipped": halosync_as_shipped,
    "rapidfuzz token_sort": token_sort,
    "rapidfuzz WRatio": wratio,
    "string_grouper": string_grouper,
    "splink (duckdb)": splink,
    "recordlinkage": recordlinkage,
}


def _peak_mb() -> float:
    """Give this program's own high-water mark: `ru_maxrss` begins with that of its parent."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    engine, source, result = sys.argv[1:]
    names = json.loads(Path(source).read_text())
    begun, worked = time.perf_counter(), time.process_time()
    answers = ENGINES[engine](names["left"], names["right"])
    seconds = time.perf_counter() - begun
    worked = time.process_time() - worked
    peak = _peak_mb()
    Path(result).write_text(
        json.dumps({"answers": answers, "seconds": seconds, "cpu": worked, "peak": peak})
    )


if __name__ == "__main__":
    main()
