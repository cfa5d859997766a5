"""One run in a process of its own: ``python -m inference.lab.evaluation.memory.run_case``.

Prints JSON: what was predicted and what was measured as the peak of the resident set, in bytes.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from pathlib import Path
from typing import Final

import numpy as np

from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import settings_of
from inference.models.found_model import FoundModel
from inference.models.memory.plan import MemoryPlan, plans
from inference.models.memory.planner import MemoryPlanner, PlannedMemory, rows_of
from inference.models.memory.prediction import RunSize
from inference.models.store import ModelStore
from inference.request.device_info import DeviceInfo
from inference.request.registry import method

_EVERYTHING: Final = 1 << 50


class OnePlan(MemoryPlanner):
    """Holds every model in one way, whatever there is of memory."""

    def __init__(self, plan: MemoryPlan) -> None:
        """See `MemoryPlan`."""
        super().__init__()
        self._only = plan

    def choose(
        self, model: FoundModel, device: DeviceInfo, budget: int, run: RunSize | None = None
    ) -> PlannedMemory | None:
        """What that way takes."""
        del budget
        ways = self._ways(model, device, _EVERYTHING, run)
        return next((one for one in ways if one.plan == self._only), None)


def run_edit(
    folder: Path, name: str, size: tuple[int, int], count: int, plan: MemoryPlan
) -> dict[str, float]:
    """Load a model and draw with it, one step each.

    Args:
        folder: of the model.
        name: of the method.
        size: (width, height) of the picture in pixels.
        count: candidates.
        plan: how the model is held.

    Returns:
        "predicted" and "measured" in bytes, "seconds" in all.
    """
    width, height = size
    store = ModelStore([folder], device="cpu")
    store.planner = OnePlan(plan)
    role = method(name).roles[0]
    store.planner.run = RunSize(width, height, rows_of(count, method(name).roles))
    planned = store.planned(role)
    assert planned is not None, "the model has an autoencoder"
    began = time.monotonic()
    pixels = (np.random.default_rng(0).random((height, width, 3)) * 255).astype(np.uint8)
    values = {"num_inference_steps": 1}
    if method(name).has("strength"):
        values["strength"] = 1
    words, settings = Instruction("at night"), settings_of(values)
    requests = [
        EditRequest("0" * 40, None, words, name, 1, settings, seed, size) for seed in range(count)
    ]
    method(name).load()(store).edit(requests, Image.from_array(pixels), None, lambda step: None)
    return {
        "predicted": planned.prediction.main,
        "measured": peak_bytes(),
        "seconds": time.monotonic() - began,
    }


def peak_bytes() -> int:
    """Peak of this process's resident set."""
    status = Path("/proc/self/status")
    if status.is_file():  # elsewhere it begins with what the parent had
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(lines["VmHWM"].split()[0]) << 10
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak << 10


def main() -> None:
    """Run what the arguments name."""
    parser = argparse.ArgumentParser(prog="run_case", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("method")
    parser.add_argument("width", type=int)
    parser.add_argument("height", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("plan", help="name of one of the plans for a CPU")
    args = parser.parse_args()
    plan = next(one for one in plans("cpu", "float16") if one.name == args.plan)
    print(
        json.dumps(run_edit(args.folder, args.method, (args.width, args.height), args.count, plan))
    )


if __name__ == "__main__":
    main()
