"""The session is put together from parts: no inheritance in `app`, no part that knows the whole."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from app.runtime.settings import Settings
from app.runtime.thread_pool import ThreadPool
from app.session.session import Session
from tests.app.session_cases import ScriptedEngine

ROOT = Path(__file__).resolve().parents[2]
APP = ROOT / "app"

MOST_LINES, MOST_METHODS = 250, 30


def classes(source: str) -> dict[str, tuple[str, ...]]:
    """Class → names of its bases, as they stand in the source."""
    return {
        node.name: tuple(ast.unparse(base).split("[")[0].split(".")[-1] for base in node.bases)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef)
    }


def heirs(files: dict[str, str]) -> list[str]:
    """`path:Class(Base)` where a class of the files inherits from another one of them."""
    found = {path: classes(text) for path, text in files.items()}
    own = {name for names in found.values() for name in names}
    return sorted(
        f"{path}:{name}({base})"
        for path, names in found.items()
        for name, bases in names.items()
        for base in bases
        if base in own
    )


def methods(source: str, name: str) -> list[str]:
    """Public methods and properties that a class itself defines."""
    body = next(
        node.body
        for node in ast.parse(source).body
        if isinstance(node, ast.ClassDef) and node.name == name
    )
    return [
        node.name
        for node in body
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
    ]


def app_files() -> dict[str, str]:
    return {
        path.relative_to(ROOT).as_posix(): path.read_text("utf-8")
        for path in sorted(APP.rglob("*.py"))
    }


def test_only_widgets_inherit_and_from_one_base(qapp: QApplication) -> None:
    found = heirs(app_files())
    names = {heir.rpartition(":")[2].partition("(")[0] for heir in found}
    wrong = []
    for heir in found:
        path, _, text = heir.rpartition(":")
        name, _, base = text.rstrip(")").partition("(")
        module = import_module(path.removesuffix(".py").replace("/", "."))
        widget = issubclass(getattr(module, name), QWidget)
        if not widget or base in names:
            wrong.append(heir)
    assert wrong == []


def test_an_heir_is_found() -> None:
    files = {
        "app/a.py": "class Base(QObject): ...",
        "app/b.py": "class Child(a.Base): ...\nclass Other(QObject): ...",
    }
    assert heirs(files) == ["app/b.py:Child(Base)"]


def test_the_session_is_small() -> None:
    source = (APP / "session" / "session.py").read_text("utf-8")
    assert len(source.splitlines()) <= MOST_LINES
    assert len(methods(source, "Session")) <= MOST_METHODS


def test_nothing_in_the_session_delegates_by_getattr() -> None:
    named = [
        path
        for path, text in app_files().items()
        if path.startswith("app/session/") and "def __getattr__" in text
    ]
    assert named == []


def test_no_part_imports_the_session() -> None:
    knowing = [
        path
        for path, text in app_files().items()
        if path.startswith("app/session/") and "app.session.session import" in text
    ]
    assert knowing == []


def test_no_part_holds_the_session(tmp_path: Path, qapp: QApplication) -> None:
    work = ThreadPool(1)
    session = Session(ScriptedEngine(), work, Settings(tmp_path / "settings.json"))
    parts = [part for part in vars(session).values() if is_of_the_session(part)]
    assert len(parts) > 10
    held = [
        f"{type(part).__name__}.{name}"
        for part in parts
        for name, value in vars(part).items()
        if isinstance(value, Session)
    ]
    assert held == []
    session.close()
    work.close()


def is_of_the_session(part: object) -> bool:
    return type(part).__module__.startswith("app.session.")
