"""The house rules that hold at every landing."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("app", "editor", "inference", "resources")


def sources() -> list[Path]:
    return [p for package in PACKAGES for p in sorted((ROOT / package).rglob("*.py"))]


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as m; m()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    assert f"{len(contracts)} kept, 0 broken" in done.stdout


@pytest.mark.parametrize("package", ["tests", "packaging"])
def test_no_init_files_that_shadow_packages(package: str) -> None:
    assert not list((ROOT / package).rglob("__init__.py"))


def test_program_modules_import_without_torch() -> None:
    """The UI process's modules, imported together, bring no torch."""
    names = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for p in sources()
        if p.relative_to(ROOT).parts[0] in ("app", "editor") and p.name != "__main__.py"
    ]
    code = (
        "import importlib, sys\n"
        f"for n in {names!r}: importlib.import_module(n)\n"
        "bad = sorted({m.split('.')[0] for m in sys.modules} & "
        "{'torch', 'diffusers', 'transformers', 'open_clip', 'accelerate'})\n"
        "assert not bad, bad\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_every_registry_row_names_a_real_class() -> None:
    from inference.request.registry import METHODS

    assert METHODS
    for info in METHODS.values():
        assert isinstance(info.load(), type)


def test_no_host_names_and_no_machine_paths() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    # Spelled in pieces so that this file does not find itself.
    patterns = [
        "files.python" + "hosted",
        "pypi" + r"\.org",
        "registry" + r"\.npmjs",
        "deb" + r"\.debian",
        "/work" + "/main",
        "/opt" + "/pypi",
    ]
    bad = re.compile("|".join(patterns))
    found = []
    for name in filter(None, tracked):
        path = ROOT / name
        if path.suffix in {".png", ".otf", ".safetensors", ".jpg", ".icc"} or not path.is_file():
            continue
        if bad.search(path.read_text("utf-8", errors="ignore")):
            found.append(name)
    assert not found


def test_constraints_pin_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        wanted += extra
    pinned = {
        line.partition("==")[0].lower().replace("_", "-")
        for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines()
        if "==" in line
    }
    names = {re.split(r"[<>=\[ ]", w)[0].lower().replace("_", "-") for w in wanted}
    assert names <= pinned, names - pinned


def test_public_functions_and_classes_are_documented() -> None:
    bare = []
    for path in sources():
        tree = ast.parse(path.read_text("utf-8"))
        for node in tree.body:
            if not isinstance(node, (ast.FunctionDef, ast.ClassDef)) or node.name.startswith("_"):
                continue
            if not ast.get_docstring(node):
                bare.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert not bare


def test_every_thread_of_ours_has_a_name_of_ours() -> None:
    """The check for threads that tests leave running (tests/leaks.py) knows them by it."""
    unnamed = []
    for path in sources():
        text = path.read_text("utf-8")
        for node in ast.walk(ast.parse(text)) if "Thread" in text else ():
            if not isinstance(node, ast.Call):
                continue
            made = ast.unparse(node.func).split(".")[-1]
            if made in ("Thread", "ThreadPoolExecutor") and "'pentimento-" not in ast.unparse(node):
                unnamed.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert not unnamed


def test_each_folder_with_logic_has_its_tests_in_the_same_place() -> None:
    roots = {Path("app"), Path("editor")}  # the entry and the errors; their tests lie further down
    bare = []
    for folder in sorted({path.parent for path in sources()}):
        place = folder.relative_to(ROOT)
        if place in roots or any((ROOT / "tests" / place).glob("test_*.py")):
            continue
        trees = [ast.parse(path.read_text("utf-8")) for path in folder.glob("*.py")]
        if any(isinstance(n, ast.FunctionDef | ast.ClassDef) for t in trees for n in t.body):
            bare.append(str(place))
    assert not bare


def test_no_file_is_longer_than_400_lines() -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "-z", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    files = [ROOT / name for name in tracked if name and (ROOT / name).is_file()]
    lengths = {p.relative_to(ROOT).as_posix(): len(p.read_bytes().splitlines()) for p in files}
    assert {name: count for name, count in lengths.items() if count > 400} == {}


def test_package_roots_hold_few_files() -> None:
    """What a package is made of lies in its folders (docs/architecture.md)."""
    roots = [p for name in ("app", "editor", "inference") for p in (ROOT / name).glob("*.py")]
    assert len(roots) <= 15
