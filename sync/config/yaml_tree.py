"""Reads YAML as an operator means it: every value with its line, every surprise refused.

YAML 1.1 turns `NO` into false, `012` into ten and `22:30` into 1350, keeps the last of two equal
keys and says nothing. Here each of these is a mistake with a line number. Only the node tree is
used: no tag can build an object, and no alias can multiply one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as File

import yaml

from sync.config.mistakes import Mistake, Path, dotted

Value = str | int | float | bool | None | tuple["Value", ...] | dict[str, "Value"]

_BOOLEANS = {"true": True, "false": False}
_NULLS = {"", "~", "null"}
_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]+")
_STANDARD = "tag:yaml.org,2002:"


@dataclass(slots=True)
class Tree:
    """The values of one file, where each stands, and what was wrong with the file itself."""

    values: dict[str, Value] = field(default_factory=dict)
    lines: dict[Path, int] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)


class _Loader(yaml.SafeLoader):
    """PyYAML's safe reader, used up to the node tree and without aliases."""

    def compose_node(
        self, parent: yaml.Node | None, index: object
    ) -> yaml.Node | None:  # PyYAML passes None, a number or a node
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem="an alias (*name) is used", problem_mark=self.get_mark()
            )
        return super().compose_node(parent, index)  # type: ignore[arg-type]


def read(file: File) -> Tree:
    """Read one YAML file; what cannot be read is in `mistakes`, not raised."""
    tree = Tree()
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        tree.mistakes.append(Mistake(str(file), "", f"cannot be read: {reason}"))
        return tree
    try:
        root = _Loader(text).get_single_node()
    except yaml.YAMLError as error:
        tree.mistakes.append(_syntax(str(file), error))
        return tree
    if isinstance(root, yaml.MappingNode):
        tree.values = _Reader(str(file), tree).mapping(root, ())
    elif root is not None:
        tree.mistakes.append(
            Mistake(f"{file}:1", "", "is not a list of keys", hint="write `halo:` and so on")
        )
    return tree


def read_text(text: str, origin: str, path: Path) -> Tree:
    """Read one value given outside the file; it comes back as the tree's only key, `value`."""
    tree = Tree()
    try:
        node = _Loader(text).get_single_node()
    except yaml.YAMLError:
        tree.mistakes.append(Mistake(origin, dotted(path), "cannot be read", hint="check quotes"))
        return tree
    if node is not None:
        tree.values["value"] = _Reader(origin, tree, numbered=False).value(node, path)
    return tree


def _syntax(file: str, error: yaml.YAMLError) -> Mistake:
    mark = getattr(error, "problem_mark", None)
    problem = str(getattr(error, "problem", None) or "a character that YAML does not allow")
    hint = "tabs cannot indent in YAML" if "'\\t'" in problem else "check indentation and quotes"
    if "alias" in problem:
        hint = "write the value out; aliases are not supported"
    return Mistake(
        f"{file}:{mark.line + 1}" if mark else file, "", f"not valid YAML: {problem}", hint=hint
    )


@dataclass(slots=True)
class _Reader:
    """Turns nodes into plain values, noting lines and mistakes on the way."""

    file: str
    tree: Tree
    numbered: bool = True

    def mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Value]:
        values: dict[str, Value] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*path, key)
            if not isinstance(key_node, yaml.ScalarNode) or key_node.value == "<<":
                self.note(key_node, path, "this key is not plain text", "write a single word")
            elif key in values:
                first = self.tree.lines[here]
                self.note(key_node, here, f"appears twice, first in line {first}", "keep one")
            else:
                self.tree.lines[here] = key_node.start_mark.line + 1
                values[key] = self.value(value_node, here)
        return values

    def value(self, node: yaml.Node, path: Path) -> Value:
        self.tree.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return tuple(self.value(item, (*path, n)) for n, item in enumerate(node.value))
        if not node.tag.startswith(_STANDARD) or node.tag.startswith(_STANDARD + "python"):
            self.note(node, path, f"has the tag {node.tag}", "leave the tag out")
            return None
        quoted = isinstance(node, yaml.ScalarNode) and node.style is not None
        return str(node.value) if quoted else self.plain(node, path)

    def plain(self, node: yaml.Node, path: Path) -> Value:
        """A value without quotes: only what reads the same to a person and to YAML."""
        text = str(node.value)
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if text in _NULLS:
            return None
        if _WHOLE.fullmatch(text):
            return int(text)
        if _DECIMAL.fullmatch(text):
            return float(text)
        if node.tag != _STANDARD + "str":
            odd = ("YAML gives this a meaning of its own", "put quotes around it")
            self.note(node, path, *_READS_AS.get(node.tag.removeprefix(_STANDARD), odd))
        return text

    def note(self, node: yaml.Node, path: Path, message: str, hint: str) -> None:
        origin = f"{self.file}:{node.start_mark.line + 1}" if self.numbered else self.file
        self.tree.mistakes.append(Mistake(origin, dotted(path), message, hint=hint))


_READS_AS: Mapping[str, tuple[str, str]] = {
    # The text itself is not repeated: it may be half of a secret.
    "bool": ("YAML reads this as true or false", "write true or false, or quotes around a text"),
    "int": (
        "YAML reads this as another number than you see",
        "put quotes around a text; write a number in plain digits",
    ),
    "float": (
        "YAML reads this as another number than you see",
        "put quotes around a text; write a number in plain digits",
    ),
    "timestamp": ("YAML reads this as a date", "put quotes around it"),
}
