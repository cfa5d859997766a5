"""Train the starter models: ``python -m inference.lab.training.run [--only NAME] [--minutes M]``.

Recipes run in their order, each from its checkpoint if it has one, until all are done or the time
is up; calling again goes on. Everything lies in the training folder; finished models are also
installed where the program finds them.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from types import FrameType

from inference.lab.training.environment import give_way, starter_folder


def _parser() -> argparse.ArgumentParser:
    from inference.lab.training.recipes import NAMES

    parser = argparse.ArgumentParser(prog="inference.lab.training.run", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=NAMES, help="train this recipe; may be repeated"
    )
    parser.add_argument("--minutes", type=float, help="time for this call (default: no limit)")
    parser.add_argument("--threads", type=int, help="torch threads (default: one per core)")
    parser.add_argument(
        "--workers", type=int, default=0, help="processes that make batches (for a GPU: 8)"
    )
    parser.add_argument(
        "--processes",
        type=int,
        help="processes that share the batches of a diffusion model (default: one per core, or one"
        " where there is a GPU)",
    )
    parser.add_argument("--pairs", type=int, default=60_000, help="gold pairs in the cache")
    parser.add_argument(
        "--partial", action="store_true", help="learn from a cache that is still being made"
    )
    parser.add_argument("--export", action="store_true", help="export what stands so far, and end")
    parser.add_argument("--no-install", action="store_true", help="leave the program's models be")
    return parser


def train_together(
    name: str, options: argparse.Namespace, processes: int, minutes: float | None
) -> None:
    """Train one recipe in several processes of one thread each, until done or signalled."""
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    command += [f"--nproc-per-node={processes}", "-m", "inference.lab.training.run"]
    command += ["--only", name, "--threads", "1", "--pairs", str(options.pairs)]
    if options.partial:
        command.append("--partial")
    if minutes is not None:
        command += ["--minutes", f"{minutes:.2f}"]
    child = subprocess.Popen(command, env={**os.environ, "OMP_NUM_THREADS": "1"})
    signals: list[int] = []

    def pass_on(number: int, frame: FrameType | None) -> None:
        signals.append(number)
        child.terminate()

    before = signal.signal(signal.SIGTERM, pass_on)
    try:
        child.wait()
    finally:
        signal.signal(signal.SIGTERM, before)
    if signals:
        raise KeyboardInterrupt
    if child.returncode:
        raise ChildProcessError(f"{name}: training in several processes failed")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the recipes; prints one JSON line per recipe and returns the exit code."""
    give_way()
    options = _parser().parse_args(argv)

    import torch

    from inference.lab.training.environment import quiet, training_folder
    from inference.lab.training.recipes import NAMES, SHIPPED, TrainingRun
    from inference.lab.training.trainer import train

    if options.threads:
        torch.set_num_threads(options.threads)
    quiet()
    folder = training_folder()
    training_run = TrainingRun(
        folder,
        pairs=options.pairs,
        partial=options.partial,
        installed=(starter_folder(),),
    )
    deadline = time.monotonic() + 60 * options.minutes if options.minutes else None
    for name in options.only or NAMES:
        recipe = training_run.recipe(name)
        left = (deadline - time.monotonic()) / 60 if deadline is not None else None
        if left is not None and left <= 0 and not options.export:
            print(json.dumps({"name": name, "done": False, "note": "no time left for it"}))
            break
        began = time.monotonic()
        if (
            "LOCAL_RANK" in os.environ
        ):  # one of several: it learns and leaves the rest to its parent
            train(recipe, folder, minutes=left, workers=options.workers)
            continue
        if options.export:
            training_run.export(recipe)
            print(
                json.dumps({"name": name, "exported": str(training_run.exported(name))}), flush=True
            )
            continue
        processes = options.processes or (1 if torch.cuda.is_available() else os.cpu_count() or 1)
        together = processes > 1 and recipe.plan.shared
        if together:
            train_together(name, options, processes, left)
        # After those the checkpoint is only read, also where their time was up.
        steps = 0 if together else None
        outcome = train(recipe, folder, minutes=left, steps=steps, workers=options.workers)
        line = {"name": name, "step": outcome.step, "steps": recipe.plan.steps}
        line["minutes"] = round((time.monotonic() - began) / 60, 1)
        if outcome.done:
            training_run.export(recipe)
            calibrate = getattr(recipe, "calibrate", None)  # CLIP's gates are measured once more
            if calibrate is not None:
                calibrate(training_run.exported(name))
            if not options.no_install and name in SHIPPED:
                training_run.install(name, starter_folder())
        print(json.dumps(line | {"done": outcome.done}), flush=True)
        if not outcome.done and not options.only:
            break  # later recipes start from this one
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
    except FileNotFoundError as missing:  # an earlier recipe or the cache; it says what to run
        print(missing, file=sys.stderr)
        sys.exit(3)
