"""``python -m inference.lab.evaluation.ranking [--groups 500] [--models DIR]``: prints JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from inference.lab.tool import run_tool


def main(argv: Sequence[str] | None = None) -> int:
    """Run the experiment and print its report."""
    parser = argparse.ArgumentParser(prog="inference.lab.evaluation.ranking", description=__doc__)
    parser.add_argument("--groups", type=int, default=500, help="of candidates of known quality")
    parser.add_argument("--edits", type=int, default=100, help="of candidates that a model made")
    parser.add_argument("--damage", type=int, default=0, help="of sound and damaged candidates")
    parser.add_argument("--mixed", type=int, default=0, help="of results of several methods")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--steps", type=int, default=10, help="denoising steps for --edits")
    parser.add_argument("--models", type=Path, help="default: the starter models")
    parser.add_argument("--judge", type=Path, help="default: the folder judge beside the models")
    options = parser.parse_args(argv)
    counts = (options.groups, options.edits, options.damage, options.mixed, options.seed)
    if min(counts) < 0 or options.steps < 1:
        parser.error("counts and --seed cannot be negative, --steps is at least 1")
    from inference.lab.evaluation.ranking.report import evaluate_folder

    def on_group(done: int, total: int) -> None:
        if done % 50 == 0 or done == total:
            print(f"{done} of {total}", file=sys.stderr, flush=True)

    report = evaluate_folder(
        options.models,
        groups=options.groups,
        edits=options.edits,
        damage=options.damage,
        mixed=options.mixed,
        seed=options.seed,
        steps=options.steps,
        judge=options.judge,
        on_group=on_group,
    )
    print(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    run_tool(main)
