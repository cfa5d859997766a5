"""Predicted against measured peaks of memory, each run in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from inference.lab.evaluation.memory.cases import CASES, MemoryCase

_ROOT: Final = Path(__file__).resolve().parents[4]


def evaluate_memory(
    cases: Sequence[MemoryCase] = CASES,
    folder: Path | None = None,
    on_case: Callable[[dict[str, Any]], None] = lambda row: None,
) -> list[dict[str, Any]]:
    """Measure every case.

    Args:
        cases: what is run.
        folder: where the models are written and kept; None for a folder that goes at the end. The
            true sizes take 2.1 GB of disk.
        on_case: called with each row when it is there.

    Returns:
        For each case its name, "predicted" and "measured" in bytes, "error" as a share of what was
        measured, and "seconds".
    """
    rows = []
    with tempfile.TemporaryDirectory(prefix="pentimento-memory-") as own:
        for case in cases:
            row = _measured(case, case.write_model(folder or Path(own)))
            on_case(row)
            rows.append(row)
    return rows


def _measured(case: MemoryCase, model: Path) -> dict[str, Any]:
    width, height = case.size
    command = [
        sys.executable, "-W", "ignore", "-m", "inference.lab.evaluation.memory.run_case",
        str(model), case.method, str(width), str(height), str(case.count), case.plan.name,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    error = found["predicted"] / found["measured"] - 1
    return {"name": case.name, "plan": case.plan.name, **found, "error": round(error, 4)}
