from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.evaluate_inversions import add_inversions
from app.cli.evaluate_methods import add_methods
from app.cli.evaluate_pictures import add_select, add_upscale
from app.cli.evaluate_words import add_words
from app.cli.gallery import add_gallery
from app.cli.lab import require_lab
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say
from app.cli.staging import FolderInTheWay


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("evaluate", help="published protocols, as commands")
    protocols = parser.add_subparsers(metavar="PROTOCOL", required=True)
    adjust = protocols.add_parser("adjust", help="phrases on a folder of photographs")
    adjust.add_argument("directory", type=Path, metavar="DIR", nargs="?")
    adjust.add_argument(
        "--recolour", action="store_true", help="recolours of storybook things against gold instead"
    )
    adjust.add_argument("--n", type=int, default=100, metavar="N", help="scenes for --recolour")
    adjust.add_argument("--seed", type=int, default=0, metavar="N", help="of those scenes")
    adjust.add_argument("--json", action="store_true")
    adjust.set_defaults(run=run_adjust)
    starter = protocols.add_parser("starter", help="the starter models on storybook scenes")
    starter.add_argument("--json", action="store_true")
    starter.add_argument("--seed", type=int, default=0, metavar="N", help="of scenes and noise")
    starter.add_argument("--n", type=int, default=500, metavar="N", help="scenes per figure")
    starter.add_argument("--steps", type=int, default=10, metavar="N", help="denoising steps")
    starter.add_argument("--models", type=Path, metavar="DIR", help="other models than the shipped")
    starter.add_argument("--only", action="append", metavar="PART", help="may be repeated")
    starter.add_argument(
        "--full-size",
        action="store_true",
        help="repaints at 768 px against gold; alone, or beside the parts of --only",
    )
    starter.add_argument(
        "--photographs", type=Path, metavar="DIR", help="pictures that are no storybook scenes"
    )
    starter.add_argument(
        "--sheets", type=Path, metavar="DIR", help="write contact sheets: best, middle, worst"
    )
    starter.set_defaults(run=run_starter)
    ranking = protocols.add_parser("ranking", help="how often the best candidate comes first")
    ranking.add_argument("--groups", type=int, default=500, metavar="N", help="of known quality")
    ranking.add_argument("--edits", type=int, default=100, metavar="N", help="made by a model")
    ranking.add_argument(
        "--damage",
        type=int,
        default=0,
        metavar="N",
        help="of sound and damaged candidates at 768 px, for each kind of damage",
    )
    ranking.add_argument(
        "--mixed", type=int, default=0, metavar="N", help="of results of several methods"
    )
    ranking.add_argument("--seed", type=int, default=2, metavar="N")
    ranking.add_argument("--steps", type=int, default=10, metavar="N", help="for --edits")
    ranking.add_argument("--models", type=Path, metavar="DIR", help="other models than the shipped")
    ranking.add_argument("--judge", type=Path, metavar="DIR", help="default: judge beside them")
    ranking.add_argument("--json", action="store_true")
    ranking.set_defaults(run=run_ranking)
    add_inversions(protocols)
    add_methods(protocols)
    add_gallery(protocols)
    add_words(protocols)
    add_upscale(protocols)
    add_select(protocols)


def run_adjust(args: argparse.Namespace) -> int:
    """Run the phrase table on every photograph of a folder; print the share that moves right."""
    if args.recolour:
        return run_recolour(args)
    if args.directory is None:
        raise UsageError("There are no photographs.", "Name a folder, or say --recolour.")
    require_lab()
    from inference.lab.evaluation.adjust import evaluate

    report = evaluate(args.directory)
    if args.json:
        print_json(report)
    else:
        for name, value in report.items():
            if isinstance(value, (int, float, str)):
                say(f"{name}: {value}")
    return DONE


def run_recolour(args: argparse.Namespace) -> int:
    """Recolour things of storybook scenes without a model; print how near they come to gold."""
    if not 1 <= args.n <= 10_000 or args.seed < 0:
        raise UsageError("--n or --seed is out of range.", "Give --n 1 to 10000, --seed 0 or more.")
    require_lab()
    from inference.lab.evaluation.recolour import evaluate_recolours

    report = evaluate_recolours(args.n, args.seed)
    if args.json:
        print_json(report)
        return DONE
    for part in ("named", "exact"):
        for name, value in report[part].items():
            say(f"{part}.{name}: {value}")
    return DONE


def run_starter(args: argparse.Namespace) -> int:
    """Measure the starter models that are there; print every figure with its interval."""
    if not 1 <= args.n <= 100_000:
        raise UsageError(f"--n cannot be {args.n}.", "Give it 1 to 100000.")
    if args.seed < 0:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or more.")
    if not 1 <= args.steps <= 200:
        raise UsageError(f"--steps cannot be {args.steps}.", "Give it 1 to 200.")
    for folder in (args.models, args.photographs):
        if folder is not None and not folder.is_dir():
            raise UsageError(f"There is no folder {folder}.", "Name a folder that exists.")
    if args.sheets is not None and args.sheets.exists() and not args.sheets.is_dir():
        raise FolderInTheWay(f"{args.sheets} is a file.", "Name a folder.")
    require_lab()
    from inference.lab.evaluation.starter.report import FULL_SIZE, PARTS, evaluate

    unknown = [part for part in args.only or () if part not in PARTS]
    if unknown:
        raise UsageError(f"There is no part {unknown[0]}.", f"One of {', '.join(PARTS)}.")
    bar = ProgressBar()
    report = evaluate(
        args.models,
        seed=args.seed,
        n=args.n,
        steps=args.steps,
        parts=(*(args.only or ()), FULL_SIZE) if args.full_size else tuple(args.only or PARTS),
        photographs=args.photographs,
        on_part=bar.show,
    )
    bar.clear()
    if args.sheets is not None:
        from inference.lab.evaluation.starter.sheets import write_sheets

        for path in write_sheets(report.examples, args.sheets):
            say(str(path), error=True)
    if args.json:
        print_json(report.report())
        return DONE
    for row in report.rows:
        say(f"{row.name:<56} {row.mean:8.3f}  [{row.low:.3f}, {row.high:.3f}]  n = {row.n}")
    for sentence in report.missing:
        say(sentence)
    return DONE


def run_ranking(args: argparse.Namespace) -> int:
    """How often the ranking, chance and single figures put the best candidate first."""
    counts = (args.groups, args.edits, args.damage, args.mixed)
    if min(*counts, args.seed) < 0 or max(counts) > 100_000:
        raise UsageError("A number of results, or --seed, is out of range.", "Give 0 to 100000.")
    if not any(counts):
        raise UsageError("Nothing is to be ranked.", "Give --groups or --edits.")
    if not 1 <= args.steps <= 200:
        raise UsageError(f"--steps cannot be {args.steps}.", "Give it 1 to 200.")
    for folder in (args.models, args.judge):
        if folder is not None and not folder.is_dir():
            raise UsageError(f"There is no folder {folder}.", "Name a folder that exists.")
    require_lab()
    from inference.lab.evaluation.ranking.report import evaluate_folder

    bar = ProgressBar()
    try:
        report = evaluate_folder(
            args.models,
            groups=args.groups,
            edits=args.edits,
            damage=args.damage,
            mixed=args.mixed,
            seed=args.seed,
            steps=args.steps,
            judge=args.judge,
            on_group=lambda done, total: bar.show("ranking", done / total),
        )
    finally:
        bar.clear()
    if args.json:
        print_json(report)
        return DONE
    named = {name: report[name] for name in ("made", "mixed") if report.get(name)}
    parts = {**report["rendered"], **named}
    for part, figures in parts.items():
        say(f"{part}: {figures['groups']} groups")
        width = max(10, *map(len, figures["ways"]))
        for way, row in figures["ways"].items():
            low, high = row["interval"]
            line = f"  {way:<{width}} {row['share']:.3f}  [{low:.3f}, {high:.3f}]"
            if "ours_more_by" in row:
                low, high = row["difference_interval"]
                line += f"  ours more by {row['ours_more_by']:+.3f}  [{low:+.3f}, {high:+.3f}]"
            say(line)
    for kind, figures in (report["damaged"] or {}).items():
        low, high = figures["interval"]
        say(f"{kind}: a sound one first in {figures['share']:.3f}  [{low:.3f}, {high:.3f}]")
    if report.get("artist"):
        say(_artist_line(report["artist"]))
    for note in report["notes"]:
        say(note)
    return DONE


def _artist_line(found: dict[str, Any]) -> str:
    low, high = found["difference_interval"]
    return (
        f"artist after {found['choices']} choices: first place agrees in {found['learnt']:.3f}, "
        f"by default in {found['default']:.3f}, more by {found['learnt_more_by']:+.3f}  "
        f"[{low:+.3f}, {high:+.3f}]"
    )
