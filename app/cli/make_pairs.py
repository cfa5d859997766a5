from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "make-pairs", help="draw pairs of pictures for texts, to train an editor on"
    )
    parser.add_argument("output", type=Path, metavar="DIR")
    parser.add_argument("--triples", type=Path, required=True, metavar="FILE", help="of texts")
    parser.add_argument("--seeds", type=int, default=100, metavar="N", help="pairs drawn for each")
    parser.add_argument("--steps", type=int, default=100, metavar="N")
    parser.add_argument("--keep", type=int, default=4, metavar="N", help="pairs of each at most")
    parser.add_argument("--min-share", type=float, default=0.1, metavar="S", help="of the steps")
    parser.add_argument("--max-share", type=float, default=0.9, metavar="S", help="that share maps")
    parser.add_argument("--min-guidance", type=float, default=7.5, metavar="S")
    parser.add_argument("--max-guidance", type=float, default=15.0, metavar="S")
    parser.add_argument(
        "--gates", choices=("own", "published"), default="own", help="own: measured for this CLIP"
    )
    parser.add_argument(
        "--unfiltered", type=Path, metavar="DIR", help="write there the first pairs of each as well"
    )
    parser.add_argument("--gold", action="store_true", help="rendered instead; storybook texts")
    parser.add_argument("--processes", type=int, default=1, metavar="N")
    parser.add_argument("--threads", type=int, metavar="N", help="of each process")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Draw the pairs that the folder lacks; called again it goes on."""
    _check(args)
    require_lab()
    from inference.lab.editing_pairs.make import PairOptions, make_pairs
    from inference.lab.editing_pairs.pair_sampler import DrawnRanges

    models = partial(model_store, args.models, args.model)
    options = PairOptions(
        args.triples,
        args.output,
        models,
        unfiltered=args.unfiltered,
        seeds=args.seeds,
        steps=args.steps,
        keep=args.keep,
        ranges=DrawnRanges(args.min_share, args.max_share, args.min_guidance, args.max_guidance),
        gates=args.gates,
        gold=args.gold,
        seed=args.seed,
    )
    threads = args.threads
    if threads is None and args.processes > 1:
        threads = max(1, (os.cpu_count() or 1) // args.processes)
    bar = ProgressBar()
    try:
        report = make_pairs(
            options,
            processes=args.processes,
            threads=threads,
            on_progress=lambda share: bar.show("drawing pairs", share),
        )
    finally:
        bar.clear()
    if args.json:
        print_json({"folder": str(args.output), "seed": args.seed, **report})
        return DONE
    say(
        f"{report['pairs']} pairs of {report['triples_with_pairs']} of {report['triples']} texts "
        f"in {args.output}"
    )
    return DONE


def _check(args: argparse.Namespace) -> None:
    """Refuse numbers out of range.

    Raises:
        UsageError: with what would be right.
    """
    counted = (args.seeds, args.steps, args.keep, args.processes, args.threads or 1)
    if min(counted) < 1 or args.seed < 0:
        raise UsageError("A number is out of range.", "Give 1 or more; --seed 0 or more.")
    if not 0 <= args.min_share <= args.max_share <= 1:
        raise UsageError("--min-share and --max-share are no range.", "Give two shares of 1.")
    if not 0 <= args.min_guidance <= args.max_guidance:
        raise UsageError(
            "--min-guidance and --max-guidance are no range.", "Give the smaller one first."
        )
