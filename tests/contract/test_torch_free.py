"""What the window's process imports, and method files, work where torch cannot be imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BLOCKED = ("torch", "diffusers", "transformers", "open_clip", "accelerate")
FOLDERS = (
    "inference/request",
    "inference/methods",
    "inference/models/catalogue",
    "inference/models/downloads",
    "inference/models/downloads/steps",
    "inference/models/families",
    "inference/starter",
)
FILES = (
    "inference/ipc/client.py",
    "inference/ipc/domains.py",
    "inference/models/model_domain.py",
    "inference/models/store.py",
    "inference/workflow/edit_run.py",
    "inference/workflow/engine.py",
    "inference/workflow/plan.py",
    "inference/workflow/prepare.py",
)


def module_names(root: Path) -> list[str]:
    """The modules that have to be free of torch, of the program below a folder."""
    found = [path for folder in FOLDERS for path in sorted((root / folder).glob("*.py"))]
    found += [root / name for name in FILES]
    return [".".join(path.relative_to(root).with_suffix("").parts) for path in found]


def import_without_torch(root: Path, modules: list[str]) -> str:
    """Import modules where torch and its friends are blocked; the last words of what failed."""
    code = (
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({BLOCKED!r}))\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False
    )
    return "" if done.returncode == 0 else done.stderr[-2000:]


def test_they_are_imported_without_torch() -> None:
    modules = module_names(ROOT)
    assert {"inference.methods.instruct_pix2pix", "inference.request.registry"} <= set(modules)
    assert "inference.models.families.stable_diffusion" in modules
    assert import_without_torch(ROOT, modules) == ""


@pytest.mark.parametrize("name", BLOCKED)
def test_the_check_fails_where_one_of_them_imports_it(name: str, tmp_path: Path) -> None:
    (tmp_path / "method.py").write_text(f"def edit(): ...\n\nimport {name}\n")
    assert f"import of {name} halted" in import_without_torch(tmp_path, ["method"])
