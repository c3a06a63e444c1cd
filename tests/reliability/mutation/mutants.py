"""Makes the mutants of a file: every small change of meaning that some test ought to notice.

Left alone by design, never because one survived: wording (docstrings, sentences, f-strings), types
(annotations, aliases), decorators, imports and asserts.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

from tests.reliability.mutation.changes import Spot, others

LONGEST, BEFORE = 80, 20
TYPE_ONLY = {"annotation", "returns", "decorator_list", "type_comment", "type_params"}
EMPTY = (ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to a tree, made only for as long as its code is compiled."""

    line: int
    what: str
    reach: tuple[int, int] | None
    """The lines of the statement that is changed; None where importing the file runs it."""
    _spot: Spot
    _other: ast.AST

    def code(self, tree: ast.Module, path: str) -> CodeType:
        self._spot.put(self._other)
        try:
            return compile(tree, path, "exec")
        finally:
            self._spot.put(self._spot.node)


def mutants(tree: ast.Module) -> list[Mutant]:
    """Every mutant of the file, in its order."""
    found = []
    for number, statement in enumerate(tree.body):
        for spot in _spots(statement, tree, "body", number):
            for other in others(spot):
                ast.fix_missing_locations(ast.copy_location(other, spot.node))
                line = getattr(spot.node, "lineno", spot.statement.lineno)
                found.append(Mutant(line, _what(spot.node, other), _reach(spot), spot, other))
    return found


def _spots(
    node: ast.AST, parent: ast.AST, field: str, index: int | None, above: Spot | None = None
) -> Iterator[Spot]:
    if _left_alone(node):
        return
    inside = above is not None and above.inside
    if above is not None and field == "body" and isinstance(parent, _FUNCTIONS):
        inside = True
    statement = node if isinstance(node, ast.stmt) or above is None else above.statement
    assert isinstance(statement, ast.stmt)
    here = Spot(node, parent, field, index, statement, inside)
    yield here
    for name, value in ast.iter_fields(node):
        if name in TYPE_ONLY:
            continue
        if isinstance(value, ast.AST):
            yield from _spots(value, node, name, None, here)
        elif isinstance(value, list):
            for number, child in enumerate(value):
                if isinstance(child, ast.AST):
                    yield from _spots(child, node, name, number, here)


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


def _left_alone(node: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant)
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id.lstrip("_")
        # A name in CapWords bears a type.
        return name[0].isupper() and not name.isupper()
    return isinstance(node, EMPTY)


def _reach(spot: Spot) -> tuple[int, int] | None:
    if not spot.inside:
        return None
    statement, last = spot.statement, getattr(spot.node, "end_lineno", None)
    if isinstance(statement, ast.If | ast.While | ast.For | ast.With | ast.Try):
        return statement.lineno, last or statement.lineno
    return statement.lineno, statement.end_lineno or statement.lineno


def _what(node: ast.AST, other: ast.AST) -> str:
    was, now = (" ".join(ast.unparse(each).split()) for each in (node, other))
    pairs = enumerate(zip(was, now, strict=False))
    alike = next((place for place, (one, two) in pairs if one != two), 0)
    start = max(0, min(alike - BEFORE, max(len(was), len(now)) - LONGEST))
    return f"{_short(was, start)} -> {_short(now, start)}"


def _short(text: str, start: int) -> str:
    end = start + LONGEST
    return "..." * (start > 0) + text[start:end] + "..." * (end < len(text))
