"""Each import contract is broken once on purpose and seen to fail."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]

OFFENCES = {
    "1 layers": ("editor.model.rect", "inference.request.version"),
    "2 editor": ("editor.model.rect", "torch"),
    "3 inference": ("inference.request.version", "PySide6"),
    "4 app": ("app.runtime.paths", "torch"),
    "5 methods do not import each other": (
        "inference.methods.adjust",
        "inference.methods.generate",
    ),
    "5 methods do not import workflow": ("inference.methods.adjust", "inference.workflow.plan"),
    "6 request": ("inference.request.settings", "torch"),
    "7 the program": ("app.cli.doctor", "inference.lab.tool"),
    "8 only": ("inference.language.path", "inference.starter.scene"),
    "9 the session": ("app.session.changes", "app.window.main_window"),
    "10 widgets": ("app.widgets.basics.steps", "app.session.session"),
    "12 order": ("editor.model.rect", "editor.storage.document"),
    "13 order": ("inference.request.version", "inference.workflow.plan"),
    "14 only": ("inference.request.cancel", "requests"),
    "15 only": ("app.session.messages", "inference.models.downloads.installer"),
}
"""The beginning of a contract's name: a module, and what it must not import."""


def settings() -> dict[str, Any]:
    """import-linter's settings."""
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    found: dict[str, Any] = tomllib.loads(text)["tool"]["importlinter"]
    return found


CONTRACTS: list[str] = [contract["name"] for contract in settings()["contracts"]]


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the program with every offence in it."""
    copy = tmp_path_factory.mktemp("program")
    for package in settings()["root_packages"]:
        for file in (ROOT / package).rglob("*.py"):
            (copy / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, copy / file.relative_to(ROOT))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for module, imported in OFFENCES.values():
        path = copy.joinpath(*module.split(".")).with_suffix(".py")
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\nimport {imported}\n")
    code = "from importlinter.cli import lint_imports_command as m; m(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=copy, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.mark.xdist_group("import_contracts")
@pytest.mark.parametrize("name", CONTRACTS)
def test_a_broken_contract_is_found(name: str, report: str) -> None:
    (offence,) = [value for key, value in OFFENCES.items() if name.startswith(key)]
    assert f"{name} BROKEN" in re.sub(r"\s+", " ", report)
    module, imported = offence
    section = report.partition("\nBroken contracts")[2].partition(f"\n{name}\n-")[2]
    for other in CONTRACTS:
        section = section.partition(f"\n{other}\n-")[0]
    package = imported.partition(".")[0]
    shown = imported if package in settings()["root_packages"] else package
    assert re.search(rf"{re.escape(module)}\s+->\s+{re.escape(shown)}\b", section), section
