"""One noun, one meaning: a public class name is defined once in app, editor and inference."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

EXCUSED: dict[str, str] = {}
"""Name → why it may be defined twice."""


def class_names(source: str) -> list[str]:
    """Public classes and type aliases at the top of a module."""
    names = []
    for node in ast.parse(source).body:
        match node:
            case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                if name[0].isupper() and not name.isupper():
                    names.append(name)
    return names


def repeated(files: dict[str, str]) -> dict[str, list[str]]:
    """Name → files, for the names that more than one of the files (path → text) defines."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path, text in files.items():
        for name in class_names(text):
            found[name].append(path)
    return {name: paths for name, paths in found.items() if len(paths) > 1}


def product_files() -> dict[str, str]:
    return {
        str(path.relative_to(ROOT)): path.read_text("utf-8")
        for folder in ("app", "editor", "inference")
        for path in sorted((ROOT / folder).rglob("*.py"))
    }


def test_no_class_name_has_two_meanings_and_every_excuse_is_needed() -> None:
    twice = repeated(product_files())
    assert {name: paths for name, paths in twice.items() if name not in EXCUSED} == {}
    assert set(EXCUSED) <= set(twice)


def test_classes_and_aliases_count_constants_and_private_names_do_not() -> None:
    first = "class Tile: ...\nPixels = list\nTILE = 256\nclass _Own: ...\n"
    second = "Tile = tuple\nTILE = 1\nclass _Own: ...\nfrom first import Pixels\n"
    assert repeated({"first.py": first, "second.py": second}) == {"Tile": ["first.py", "second.py"]}
