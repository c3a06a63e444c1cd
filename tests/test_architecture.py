"""The house rules that no other tool watches: budgets, first sentences, what must not be in here."""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from sync.cli.entry import VERBS
from sync.core.verdicts import Outcome
from sync.errors import Exit

ROOT = Path(__file__).parent.parent
FILE_LINES = 300
FUNCTION_LINES = 40
NESTING = 3
PARAMETERS = 5
NOQA_LIMIT = 90
"""Each with its reason beside it; a rule that needs more exceptions than this is a wrong rule."""
PRAGMA_LIMIT = 0

BANNED_NAMES = re.compile(
    r"(^|_)(utils?|manager|handler|helpers?|processor)(_|$|\.)", re.IGNORECASE
)
FORBIDDEN = {
    r"\bfrom_string\(": "templates come from files",
    r"\|\s*safe\b": "nothing is exempt from escaping",
    r"\bMarkup\(": "nothing is exempt from escaping",
    r"\byaml\.(unsafe_|full_)?load\(": "only the safe node tree",
    r"(?<![\w.])eval\(": "no code from text",
    r"(?<![\w.])exec\(": "no code from text",
    r"\b(import|from) (pickle|marshal|shelve)\b": "no objects from bytes",
    r"\bshell=True\b": "no shell",
    r"\bverify=False\b": "TLS is always verified",
    r"\b_create_unverified_context\b": "TLS is always verified",
    r"\bfrom __future__ import annotations\b": "Python 3.11 needs it nowhere",
}
# Written in two halves, so that this file is no match for itself.
ADDRESSES = re.compile(
    "|".join(
        (
            r'"resolved": *"https' + r"?:",
            "index" + "-url",
            r"source = \{ " + "registry",
            "files.python" + "hosted.org",
            r"(?<![\w.])py" + r"pi\.org",
            "registry.npm" + r"js\.org",
        )
    )
)
MACHINE_PATHS = re.compile(
    r"(^|[^A-Za-z0-9._-])/(" + "work|farm|root" + r")/[a-z.]|/home/(?!\w*<)[a-z]+/"
)


def tracked():
    """Every file that belongs to the project; in a tree without git, every file but leftovers."""
    try:
        said = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.split("\n")  # fmt: skip
    except (OSError, subprocess.CalledProcessError):
        said = [
            str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if ".venv" not in path.parts
        ]
    return [ROOT / name for name in said if name and (ROOT / name).is_file()]


FILES = tracked()
SOURCES = [
    path
    for path in FILES
    if path.suffix == ".py"
    and path.relative_to(ROOT).parts[0] in {"sync", "reports"}
    and "migrations/versions" not in path.as_posix()
]
TESTS = [p for p in FILES if p.suffix == ".py" and p.relative_to(ROOT).parts[0] == "tests"]


def name_of(path):
    return str(path.relative_to(ROOT))


@cache
def text_of(path):
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return ""


@cache
def tree_of(path):
    return ast.parse(text_of(path))


def functions(path):
    return [
        node
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def depth(node, level=0):
    """How deep the blocks of a function are nested; an elif is no deeper than its if."""
    nested = (ast.If, ast.For, ast.While, ast.With, ast.Try, ast.Match, ast.AsyncFor, ast.AsyncWith)
    deepest = level
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        chained = isinstance(node, ast.If) and isinstance(child, ast.If) and child in node.orelse
        deeper = level + (isinstance(child, nested) and not chained)
        deepest = max(deepest, depth(child, deeper))
    return deepest


def test_no_file_is_longer_than_a_reader_s_patience():
    long = {name_of(p): n for p in SOURCES if (n := text_of(p).count("\n")) > FILE_LINES}

    assert long == {}


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{name_of(path)}:{f.lineno} {f.name}: {f.end_lineno - f.lineno + 1}"
        for path in SOURCES
        for f in functions(path)
        if f.end_lineno - f.lineno + 1 > FUNCTION_LINES
    ]

    assert long == []


def test_no_function_is_nested_deeper_than_three():
    deep = [
        f"{name_of(path)}:{f.lineno} {f.name}: {depth(f)}"
        for path in SOURCES
        for f in functions(path)
        if depth(f) > NESTING
    ]

    assert deep == []


def test_every_file_opens_with_a_sentence():
    silent = []
    for path in [*SOURCES, *TESTS]:
        first = (ast.get_docstring(tree_of(path)) or "").split("\n\n")[0].strip()
        if not first or first[-1] not in ".:?!":
            silent.append(name_of(path))

    assert silent == []


def test_no_file_or_class_has_a_name_that_says_nothing():
    named = [name_of(path) for path in SOURCES if BANNED_NAMES.search(path.name)]
    named += [
        f"{name_of(path)}: {node.name}"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ClassDef)
        and re.search(r"(Utils?|Manager|Helper|Processor)$", node.name)
    ]

    assert named == []


def test_exceptions_from_the_rules_are_few_and_counted():
    whole = "\n".join(text_of(path) for path in SOURCES)

    assert whole.count("# noqa") <= NOQA_LIMIT
    assert whole.count("pragma: no cover") <= PRAGMA_LIMIT


@pytest.mark.parametrize("pattern", FORBIDDEN)
def test_no_source_or_template_does_what_must_not_be_done(pattern):
    templates = [path for path in FILES if path.suffix in {".j2", ".html"}]
    found = [
        f"{name_of(path)}:{number}"
        for path in [*SOURCES, *templates]
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if re.search(pattern, line)
    ]

    assert found == [], FORBIDDEN[pattern]


def test_no_file_names_a_package_registry_or_a_path_of_somebody_s_machine():
    found = [
        f"{name_of(path)}:{number}: {line.strip()[:80]}"
        for path in FILES
        if path.name != Path(__file__).name
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if ADDRESSES.search(line) or MACHINE_PATHS.search(line)
    ]

    assert found == []


def test_nothing_that_is_made_lies_in_the_tree():
    made = re.compile(
        r"(^|/)(uv\.lock|pylock\.toml|node_modules/|\.venv/|__pycache__/)|\.(sqlite3?|db)(-wal|-shm)?$"
    )

    assert [name_of(path) for path in FILES if made.search(name_of(path))] == []


def test_no_package_marker_lies_below_tests():
    assert [name_of(path) for path in TESTS if path.name == "__init__.py"] == []


def test_the_readme_names_every_verb_and_no_other():
    readme = text_of(ROOT / "README.md")
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", readme, re.DOTALL))
    named = set(re.findall(r"\bhalosync ([a-z]+)", code))

    assert set(VERBS) - named == set(), "verbs that the README does not mention"
    assert named - set(VERBS) == set(), "the README mentions verbs that do not exist"


def test_the_readme_names_every_rule_outcome_and_exit_code():
    readme = text_of(ROOT / "README.md")
    wanted = ["L1", "L2", "L3", "L4", *Outcome]
    wanted += [f"| {int(code)} " for code in Exit if code not in {Exit.SIGINT, Exit.SIGTERM}]

    assert [str(word) for word in wanted if str(word) not in readme] == []


def test_the_core_can_be_imported_without_any_library():
    program = (
        "import sys; import sync.core.link, sync.core.guard, sync.core.result, sync.core.changes;"
        "print(sorted({m.partition('.')[0] for m in sys.modules}"
        " - set(sys.stdlib_module_names) - {'sync'}))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {program}"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    loaded = {name for name in ast.literal_eval(done.stdout) if not name.startswith("_")}
    assert loaded <= {"distutils_hack"}
