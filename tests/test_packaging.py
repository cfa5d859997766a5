"""What the frozen program needs is named in the spec, and it cannot start itself without end."""

from __future__ import annotations

import ast
import importlib.metadata
import importlib.util
import os
import subprocess
import sys
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGING = ROOT / "packaging"


def literals() -> dict[str, Any]:
    """The upper-case names of the spec."""
    found = {}
    for line in ast.parse((PACKAGING / "pentimento.spec").read_text("utf-8")).body:
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name):
            name = line.targets[0].id
            if name.isupper():
                found[name] = ast.literal_eval(line.value)
    return found


SPEC = literals()


def is_left_out(module: str) -> bool:
    def below(parents: list[str]) -> bool:
        return any(module == p or module.startswith(p + ".") for p in parents)

    return below(SPEC["OWN_LEFT_OUT"])


@cache
def own_imports() -> dict[str, set[str]]:
    """Absolute imports of every module that goes into the package."""
    found: dict[str, set[str]] = {}
    for package in SPEC["OWN_PACKAGES"]:
        for path in (ROOT / package).rglob("*.py"):
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            module = module.removesuffix(".__init__")
            if is_left_out(module):
                continue
            names: set[str] = set()
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Import):
                    names |= {alias.name for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.module:
                    names.add(node.module)
                    names |= {f"{node.module}.{alias.name}" for alias in node.names}
            found[module] = names
    return found


@pytest.mark.parametrize("package", ["torchvision", "diffusers", "open_clip"])
def test_own_hooks_exist(package: str) -> None:
    hook = PACKAGING / "hooks" / f"hook-{package}.py"
    compile(hook.read_text("utf-8"), hook.name, "exec")


@pytest.mark.parametrize("name", SPEC["HIDDEN_IMPORTS"])
def test_hidden_imports_exist(name: str) -> None:
    top = name.partition(".")[0]
    if top in SPEC["OWN_PACKAGES"]:
        assert (ROOT / name.replace(".", "/")).with_suffix(".py").is_file()
    else:
        assert importlib.util.find_spec(top) is not None  # the top only: it imports nothing


@pytest.mark.parametrize("name", SPEC["METADATA"])
def test_metadata_is_installed(name: str) -> None:
    assert importlib.metadata.version(name)


def test_data_folders_exist() -> None:
    assert "resources" in SPEC["DATA_FOLDERS"]
    for folder in SPEC["DATA_FOLDERS"]:
        assert any(p.suffix != ".py" for p in (ROOT / folder).rglob("*.*"))


def test_what_is_imported_by_name_goes_in() -> None:
    from app.cli.commands import COMMANDS
    from inference.request.registry import METHODS

    names = [f"app.cli.{command.replace('-', '_')}" for command in COMMANDS]
    names += [info.implementation.partition(":")[0] for info in METHODS.values()]
    for name in names:
        assert name.partition(".")[0] in SPEC["OWN_PACKAGES"]
        assert not is_left_out(name)
        assert (ROOT / name.replace(".", "/")).with_suffix(".py").is_file(), name


LAB_COMMANDS = {
    "app.cli.evaluate_protocol",
    "app.cli.gallery",
    "app.cli.make_brush",
    "app.cli.make_captions",
    "app.cli.make_edit_texts",
    "app.cli.make_instructpe",
    "app.cli.make_pairs",
    "app.cli.storybook",
    "app.cli.traces",
    "app.cli.train",
    "app.cli.train_chat",
    "app.cli.train_edit_texts",
    "app.cli.train_editor",
    "app.cli.train_options",
}
"""They are made of what is left out, and say so where it is missing."""


def test_nothing_that_goes_in_imports_what_is_left_out() -> None:
    importing = {module for module, names in own_imports().items() if any(map(is_left_out, names))}
    assert importing == LAB_COMMANDS


def test_what_is_left_out_is_not_found_through_the_commands_either() -> None:
    assert set(SPEC["OWN_LEFT_OUT"]) <= set(SPEC["EXCLUDES"])


def test_nothing_excluded_is_imported() -> None:
    excluded = set(SPEC["EXCLUDES"]) - set(SPEC["OWN_LEFT_OUT"])
    bad = {
        f"{module} imports {name}"
        for module, names in own_imports().items()
        for name in names
        if name in excluded or name.partition(".")[0] in excluded
    }
    assert not bad


@pytest.mark.parametrize(
    "name",
    [
        "torch/bin/torch_shm_manager",
        "torch/testing/__init__.py",
        "torch/lib/libshm.so",
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/Qt/plugins/platforms/libqminimal.so",
        "PySide6/Qt/plugins/platforms/libqwayland.so",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "resources/icons/image.svg",
        "pyvips_binary.libs/libvips.so.42",
    ],
)
def test_what_must_stay_is_not_dropped(name: str) -> None:
    assert not [pattern for pattern in SPEC["DROP"] if fnmatch(name, pattern)]


@pytest.mark.parametrize("file", ["app/__main__.py", "packaging/probe.py"])
def test_freeze_support_is_the_first_statement_under_the_main_guard(file: str) -> None:
    """Without it a frozen child starts the whole program again: thousands in minutes."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    guards = [n for n in tree.body if isinstance(n, ast.If) and "__name__" in ast.dump(n.test)]
    assert len(guards) == 1
    assert ast.unparse(guards[0].body[0]) == "multiprocessing.freeze_support()"


GUARDED = """
import sys, tempfile
from pathlib import Path
import build
import psutil
with tempfile.TemporaryDirectory() as folder:
    guard = build.Guard(Path(folder), network=True)
    outcome = guard.run([sys.executable, "-c", {program!r}], timeout={timeout})
left = [p for p in psutil.Process().children(recursive=True) if p.status() != "zombie"]
print(outcome.killed, "|", outcome.code, "|", len(left))
"""

MULTIPLIES = """
import os, time
for _ in range(30):
    if os.fork() == 0:
        os.setsid()  # flees the group
        time.sleep(60)
        os._exit(0)
time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="forks")
@pytest.mark.parametrize(
    ("program", "timeout", "killed"),
    [(MULTIPLIES, 3600, "processes"), ("while True: pass", 1, "more than 1 s"), ("pass", 3600, "")],
)
def test_the_guard_ends_what_multiplies_or_hangs(program: str, timeout: int, killed: str) -> None:
    code = GUARDED.format(program=program, timeout=timeout)
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=PACKAGING, capture_output=True, text=True, check=True
    )
    why, exit_code, left = (part.strip() for part in done.stdout.split("|"))
    assert killed in why if killed else not why
    assert bool(int(exit_code)) == bool(killed)
    assert left == "0"


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.skipif(
    os.environ.get("PENTIMENTO_TEST_FREEZE") != "1", reason="PENTIMENTO_TEST_FREEZE=1 builds it"
)
def test_the_frozen_program_works(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(PACKAGING / "build.py"), "--dist", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
