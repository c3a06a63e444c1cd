"""Makes the mutants of a file: every small change of meaning that some test ought to notice.

Left alone by design, never because one survived: wording (docstrings, sentences, f-strings), types
(annotations, aliases), decorators, imports and asserts.
"""

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import CodeType

LONGEST, BEFORE = 80, 20
TYPE_ONLY = {"annotation", "returns", "decorator_list", "type_comment", "type_params"}
COMPARED: Mapping[type, tuple[type, ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
COUNTED: Mapping[type, type] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.BitXor: ast.BitOr,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any"}
DROPPED = {"sorted", "abs", "reversed"}
DROPPED_METHODS = {"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "removeprefix"}
EMPTY = (ast.Import, ast.ImportFrom, ast.Assert, ast.JoinedStr)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to a tree, made only for as long as its code is compiled."""

    line: int
    what: str
    reach: tuple[int, int] | None
    """The lines of the statement that is changed; None where importing the file runs it."""
    _spot: "Spot"
    _other: ast.AST

    def code(self, tree: ast.Module, path: str) -> CodeType:
        self._spot.put(self._other)
        try:
            return compile(tree, path, "exec")
        finally:
            self._spot.put(self._spot.node)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a node hangs in its tree."""

    node: ast.AST
    parent: ast.AST
    field: str
    index: int | None
    statement: ast.stmt
    inside: bool
    """In a function's body: not run by importing the file."""

    def put(self, node: ast.AST) -> None:
        if self.index is None:
            setattr(self.parent, self.field, node)
        else:
            getattr(self.parent, self.field)[self.index] = node


def mutants(tree: ast.Module) -> list[Mutant]:
    """Every mutant of the file, in its order."""
    found = []
    for number, statement in enumerate(tree.body):
        for spot in _spots(statement, tree, "body", number):
            for other in _others(spot):
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


# What may stand in a node's place


def _others(spot: Spot) -> Iterator[ast.AST]:
    for kind, change in CHANGES.items():
        if isinstance(spot.node, kind):
            yield from change(spot)
    if _is_claim(spot):
        yield ast.UnaryOp(ast.Not(), spot.node)


def _is_claim(spot: Spot) -> bool:
    """A bare condition: comparisons and `not` have changes of their own."""
    return spot.field in {"test", "ifs"} and isinstance(
        spot.node, ast.Name | ast.Attribute | ast.Call | ast.NamedExpr
    )


def _with(node: ast.AST, **changed: object) -> ast.AST:
    other = copy.copy(node)
    for name, value in changed.items():
        setattr(other, name, value)
    return other


def _compare(spot: Spot) -> Iterator[ast.AST]:
    assert isinstance(spot.node, ast.Compare)
    ops = spot.node.ops
    for place, op in enumerate(ops):
        for other in COMPARED[type(op)]:
            yield _with(spot.node, ops=[*ops[:place], other(), *ops[place + 1 :]])


def _either(spot: Spot) -> Iterator[ast.AST]:
    assert isinstance(spot.node, ast.BoolOp)
    yield _with(spot.node, op=ast.Or() if isinstance(spot.node.op, ast.And) else ast.And())
    values = spot.node.values
    if len(values) > 2:
        for place in range(len(values)):
            yield _with(spot.node, values=values[:place] + values[place + 1 :])


def _arithmetic(spot: Spot) -> Iterator[ast.AST]:
    assert isinstance(spot.node, ast.BinOp | ast.AugAssign)
    if type(spot.node.op) in COUNTED:
        yield _with(spot.node, op=COUNTED[type(spot.node.op)]())


def _without_sign(spot: Spot) -> Iterator[ast.AST]:
    assert isinstance(spot.node, ast.UnaryOp)
    yield spot.node.operand


def _constant(spot: Spot) -> Iterator[ast.AST]:
    assert isinstance(spot.node, ast.Constant)
    value = spot.node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
    elif isinstance(value, str) and " " not in value:
        yield ast.Constant(f"{value}X")
    elif isinstance(value, bytes):
        yield ast.Constant(value + b"X")


def _nothing(spot: Spot) -> Iterator[ast.AST]:
    """Return nothing."""
    assert isinstance(spot.node, ast.Return)
    value = spot.node.value
    if value is not None and not (isinstance(value, ast.Constant) and value.value is None):
        yield ast.Return(ast.Constant(None))


def _left_out(_spot: Spot) -> Iterator[ast.AST]:
    """Leave out a statement: a call, a `yield`, a `raise`."""
    yield ast.Pass()


def _assigned(spot: Spot) -> Iterator[ast.AST]:
    """Leave out what sets a part of something; a name left out would not even run."""
    assert isinstance(spot.node, ast.Assign)
    if all(isinstance(target, ast.Attribute | ast.Subscript) for target in spot.node.targets):
        yield ast.Pass()


def _call(spot: Spot) -> Iterator[ast.AST]:
    call = spot.node
    assert isinstance(call, ast.Call)
    for place in range(len(call.keywords)):
        yield _with(call, keywords=call.keywords[:place] + call.keywords[place + 1 :])
    if isinstance(call.func, ast.Attribute) and call.func.attr in DROPPED_METHODS:
        yield call.func.value
    elif isinstance(call.func, ast.Name) and call.args:
        if call.func.id in SWAPPED:
            yield _with(call, func=ast.Name(SWAPPED[call.func.id], ast.Load()))
        elif call.func.id in DROPPED:
            yield call.args[0]


def _members(spot: Spot) -> Iterator[ast.AST]:
    """Leave out one member of a list of rules."""
    node = spot.node
    assert isinstance(node, ast.Set | ast.List | ast.Tuple)
    if len(node.elts) > 1 and (isinstance(node, ast.Set) or not spot.inside):
        for place in range(len(node.elts)):
            yield _with(node, elts=node.elts[:place] + node.elts[place + 1 :])


def _entries(spot: Spot) -> Iterator[ast.AST]:
    node = spot.node
    assert isinstance(node, ast.Dict)
    for place in range(len(node.keys)):
        keys, values = list(node.keys), list(node.values)
        del keys[place], values[place]
        yield _with(node, keys=keys, values=values)


def _unfiltered(spot: Spot) -> Iterator[ast.AST]:
    assert isinstance(spot.node, ast.comprehension)
    ifs = spot.node.ifs
    for place in range(len(ifs)):
        yield _with(spot.node, ifs=ifs[:place] + ifs[place + 1 :])


def _uncut(spot: Spot) -> Iterator[ast.AST]:
    assert isinstance(spot.node, ast.Slice)
    for bound in ("lower", "upper"):
        if getattr(spot.node, bound) is not None:
            yield _with(spot.node, **{bound: None})


CHANGES: Mapping[type, Callable[[Spot], Iterator[ast.AST]]] = {
    ast.Compare: _compare,
    ast.BoolOp: _either,
    ast.BinOp: _arithmetic,
    ast.AugAssign: _arithmetic,
    ast.UnaryOp: _without_sign,
    ast.Constant: _constant,
    ast.Return: _nothing,
    ast.Raise: _left_out,
    ast.Break: _left_out,
    ast.Continue: _left_out,
    ast.Expr: _left_out,
    ast.Assign: _assigned,
    ast.Call: _call,
    ast.Set: _members,
    ast.List: _members,
    ast.Tuple: _members,
    ast.Dict: _entries,
    ast.comprehension: _unfiltered,
    ast.Slice: _uncut,
}
