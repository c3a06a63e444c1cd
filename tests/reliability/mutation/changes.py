"""What may stand in a place of the program instead: each gives a change of meaning to notice (G24)."""

import ast
import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

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


def others(spot: Spot) -> Iterator[ast.AST]:
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
