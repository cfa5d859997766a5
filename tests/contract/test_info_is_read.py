"""Every field of `INFO` and of its settings decides something outside the methods' own files."""

from __future__ import annotations

import ast
import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.request.registry import MethodInfo
from inference.request.settings import SettingInfo

_ROOT = Path(__file__).parents[2]
_NAMES = {"info", "self", "setting", "one", "first"}
"""What the program calls an `INFO` or one of its settings where it reads it."""


def _modules() -> Iterator[Path]:
    """The program without the method files, which only write the fields, and the lab."""
    for folder in ("app", "inference"):
        for file in sorted((_ROOT / folder).rglob("*.py")):
            if not {"methods", "lab"} & set(file.relative_to(_ROOT).parts):
                yield file


def _is_info(base: ast.expr) -> bool:
    """`info`, `METHODS[...]`, `method(...)`."""
    if isinstance(base, ast.Name):
        return base.id in _NAMES
    if isinstance(base, ast.Subscript):
        return isinstance(base.value, ast.Name) and base.value.id == "METHODS"
    return (
        isinstance(base, ast.Call)
        and isinstance(base.func, ast.Name | ast.Attribute)
        and (base.func.id if isinstance(base.func, ast.Name) else base.func.attr) == "method"
    )


def _read() -> set[str]:
    """Names of what the program reads of an `INFO` or a setting."""
    found: set[str] = set()
    for file in _modules():
        text = file.read_text("utf-8")
        if not any(name in text for name in ("registry", "MethodInfo", "SettingInfo")):
            continue
        for node in ast.walk(ast.parse(text)):
            reads = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)
            if isinstance(node, ast.Attribute) and reads and _is_info(node.value):
                found.add(node.attr)
    return found


@pytest.mark.parametrize("kind", [MethodInfo, SettingInfo])
def test_every_field_is_read(kind: type[MethodInfo] | type[SettingInfo]) -> None:
    unread = {field.name for field in dataclasses.fields(kind)} - _read()
    assert not unread, f"{kind.__name__}: nothing reads {', '.join(sorted(unread))}"


def test_a_field_that_nothing_reads_is_found() -> None:
    assert "no_such_field" not in _read()
