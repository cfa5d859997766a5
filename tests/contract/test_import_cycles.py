"""Contract 11: no module of the product imports itself through others.

Imports inside functions and under `TYPE_CHECKING` count: what needs them to load at all is a knot
just the same.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("app", "editor", "inference", "resources")


def module_sources() -> dict[str, str]:
    """Dotted name → text of every module of the product."""
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts).removesuffix(".__init__")
            found[name] = path.read_text("utf-8")
    return found


def imports_of(name: str, source: str, modules: Mapping[str, str]) -> set[str]:
    """Those of `modules` that a module imports anywhere in its text."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} has a relative import, which is not followed here"
            assert node.module is not None
            # `from package import module` imports the module, not a name of the package.
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {one if one in modules else node.module for one in inner}
    return (found & set(modules)) - {name}


def cycle_in(modules: Mapping[str, str]) -> list[str]:
    """The modules of one import cycle, in order; [] where there is none."""
    graph = {name: imports_of(name, source, modules) for name, source in modules.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def test_the_product_has_no_import_cycle() -> None:
    assert cycle_in(module_sources()) == []


@pytest.mark.parametrize(
    "back",
    [
        "from a.first import X",
        "import a.first",
        "def f():\n    from a import first",
        "if TYPE_CHECKING:\n    from a.first import X",
    ],
)
def test_a_cycle_is_found_wherever_the_import_stands(back: str) -> None:
    modules = {"a": "", "a.first": "from a.second import Y", "a.second": back}
    assert set(cycle_in(modules)) == {"a.first", "a.second"}


def test_names_that_are_no_modules_are_no_cycle() -> None:
    modules = {"a": "", "a.first": "from a.second import first", "a.second": "import os"}
    assert cycle_in(modules) == []
