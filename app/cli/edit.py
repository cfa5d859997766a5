from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from app.cli.edit_driver import CliEditDriver, Lap
from app.cli.edit_output import ranked_entries, result_of, write_cards
from app.cli.inputs import add_selection, opened_for
from app.cli.lora import add_lora, lora_settings
from app.cli.model_options import add_model_options, model_store
from app.cli.output import (
    DONE,
    ProgressBar,
    UsageError,
    files_complete,
    json_text,
    print_json,
    remark,
    say,
)
from app.cli.reference import add_reference, reference_settings
from app.cli.settings_option import add_settings, settings_values
from app.cli.staging import RESULT, staged
from app.cli.table import ranked_table
from editor.model.edit import Instruction
from editor.model.patch import SettingValues, settings_of
from editor.render.heap import tune_heap
from inference.request.edit_job import EditJob, Until
from inference.request.registry import method
from inference.workflow.edit_run import EditRun
from inference.workflow.engine import Engine

MAX_COUNT = 64


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "edit",
        help="edit a picture by words",
        description="Edit a picture by words: candidates, ranked with reasons, into a folder.",
    )
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument("instruction", metavar="INSTRUCTION", help="for example “warmer”")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--method", action="extend", type=_names, default=[], metavar="M[,M...]",
        help="may be given again; several share the candidates and are ranked together",
    )  # fmt: skip
    parser.add_argument(
        "--time-limit", type=float, metavar="SECONDS",
        help="try several methods that fit, as many as this time allows (default: the best alone)",
    )  # fmt: skip
    parser.add_argument("--count", type=int, default=4, metavar="N", help="candidates in all")
    add_selection(parser, "white = where the edit may act")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--source-prompt", default="", metavar="T", help="caption before")
    parser.add_argument("--target-prompt", default="", metavar="T", help="caption after")
    add_settings(parser)
    add_lora(parser)
    add_reference(parser)
    add_model_options(parser)
    parser.add_argument("--no-rank", action="store_true", help="do not score the candidates")
    parser.add_argument("--json", action="store_true", help="print result.json")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The command; raises what `guarded` turns into exit codes."""
    began = time.monotonic()
    few_arenas()
    settings = _checked(args)
    bar = ProgressBar()
    try:
        with staged(args.output) as folder:
            result, words = edit(args, settings, folder, bar, began)
            (folder / RESULT).write_text(json_text(result) + "\n", "utf-8")
    finally:
        bar.clear()
    with files_complete(args.output):
        if args.json:
            print_json(result)
        else:
            say(ranked_table(result, words))
            say(f"In {args.output}")
    return DONE


def few_arenas() -> None:
    """Keep glibc from giving every thread a heap of its own, which holds on to what was freed.

    Measured on a 24-megapixel RGBA picture of 16 bits: peak 420 MB in place of 465, as fast.
    """
    tune_heap(arenas=2)


def _names(text: str) -> list[str]:
    """Names with commas between them."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _checked(args: argparse.Namespace) -> SettingValues:
    if not 1 <= args.count <= MAX_COUNT:
        raise UsageError(f"--count cannot be {args.count}.", f"Give it 1 to {MAX_COUNT}.")
    if not 0 <= args.seed < 2**63:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or a larger number.")
    if args.time_limit is not None:
        if not 0 < args.time_limit < float("inf"):
            raise UsageError("--time-limit takes seconds.", "Give it a number above 0.")
        if args.method:
            raise UsageError("--time-limit is for Auto.", "Leave out --method, or the limit.")
    for name in args.method:
        if method(name).begins:
            raise UsageError(
                f"{name} draws a new picture and would ignore this one.",
                f"Say “pentimento {name}” for a new picture, or name another method.",
            )
    values = settings_values(args.set, args.method)
    files = lora_settings(args.lora, args.method) | reference_settings(args.reference, args.method)
    return settings_of({**dict(values), **files})


def edit(
    args: argparse.Namespace, settings: SettingValues, folder: Path, bar: ProgressBar, began: float
) -> tuple[dict[str, Any], dict[str, str]]:
    """Edit into `folder`; the result as JSON values, and each candidate's words by key."""
    clock = Lap(began)
    opened, selection = opened_for(args)
    source = opened.image
    seconds = {"load": clock.lap()}
    job = EditJob(
        (Instruction(args.instruction, args.source_prompt, args.target_prompt),),
        source,
        selection,
        methods=tuple(args.method),
        count=args.count,
        seed=args.seed,
        settings=settings,
        time_limit=args.time_limit,
        until=Until.EDITED if args.no_rank else Until.SCORED,
    )
    driver = CliEditDriver(
        Engine(model_store(args.models, args.model)), bar, _no_words if args.json else _say_plan
    )
    run = driver(job)
    seconds["prepare"] = clock.lap(driver.planned_at)
    seconds["edit"], scoring = clock.lap(driver.made_at), clock.lap()
    entries, rendered = ranked_entries(
        driver, source, selection, folder, bar, unranked=args.no_rank
    )
    seconds["edit"] += clock.lap()
    found = run.prepared[0]
    words = {key: str(sentence or "") for key, sentence in run.sentences.items()}
    write_cards(
        folder, source, found.instruction.text, entries, rendered, words, ranked=not args.no_rank
    )
    seconds["rank"] = scoring + clock.lap()
    seconds["total"] = time.monotonic() - began
    scores = run.scores.values()
    result = result_of(
        args.image, opened, found, run.question, entries, seconds, scores, run.memory_notes
    )
    return result, words


def _say_plan(run: EditRun) -> None:
    """How the words are read, before any time is spent on them."""
    question, found = run.question, run.prepared[0]
    if question is not None:
        remark(f"{question.text} Going on with “{question.answers[0]}”; the others were:")
        for answer in question.answers[1:]:
            remark(f"    {answer}")
    if found.sentence:
        remark(f"Read as: {found.sentence}")
    for correction in found.corrections:
        remark(str(correction))
    for line in found.served:
        remark(str(line))
    if found.warning:
        remark(str(found.warning), error=True)
    for skipped in run.skipped:
        remark(str(skipped), error=True)


def _no_words(run: EditRun) -> None:
    """With --json nothing but the result is printed."""
