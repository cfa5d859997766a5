from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from app.cli.edit import few_arenas
from app.cli.edit_driver import CliEditDriver, Lap
from app.cli.edit_output import instruction_values, ranked_entries, result_of, write_cards
from app.cli.inputs import add_selection, opened_for
from app.cli.model_options import add_model_options, model_store
from app.cli.output import (
    DONE,
    ProgressBar,
    UsageError,
    files_complete,
    json_text,
    print_json,
    say,
)
from app.cli.run_job import run_job
from app.cli.staging import RESULT, staged
from app.cli.table import ranked_table
from editor.formats import thumbnail
from editor.model.edit import Instruction, Suggestion
from editor.model.image import Image
from editor.tone.fitting import fitting_phrases
from inference.request.edit_job import EditJob, Quality
from inference.request.jobs import Event, SuggestionsReady, SuggestJob
from inference.request.registry import method
from inference.workflow.engine import Engine

MAX_COUNT = 24
_SIDE = 256


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "explore",
        help="render suggestions side by side",
        description="Render what could be said next, one quick result each, ranked with reasons. "
        "Without a language model these are phrases of tone and colour that fit the picture.",
    )
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--count", type=int, default=5, metavar="N", help="suggestions in all")
    parser.add_argument("--prompt", default="", metavar="T", help="the caption, if you know it")
    parser.add_argument("--method", default="", metavar="M", help="one method for all of them")
    add_selection(parser, "white = where the edits may act")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="print result.json")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The command; raises what `guarded` turns into exit codes."""
    began = time.monotonic()
    few_arenas()
    if not 1 <= args.count <= MAX_COUNT:
        raise UsageError(f"--count cannot be {args.count}.", f"Give it 1 to {MAX_COUNT}.")
    if not 0 <= args.seed < 2**31:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or a larger number.")
    if args.method:
        method(args.method)
    bar = ProgressBar()
    try:
        with staged(args.output) as folder:
            result, words = explore(args, folder, bar, began)
            (folder / RESULT).write_text(json_text(result) + "\n", "utf-8")
    finally:
        bar.clear()
    with files_complete(args.output):
        _report(args, result, words)
    return DONE


def _report(args: argparse.Namespace, result: dict[str, Any], words: dict[str, str]) -> None:
    if args.json:
        print_json(result)
    else:
        for why in dict.fromkeys(e["suggested_because"] for e in result["candidates"]):
            texts = [e["instruction"]["text"] for e in result["candidates"]
                    if e["suggested_because"] == why]  # fmt: skip
            say(f"{', '.join(f'“{text}”' for text in texts)}: {why}")
        say(ranked_table(result, words))
        say(f"In {args.output}")


def explore(
    args: argparse.Namespace, folder: Path, bar: ProgressBar, began: float
) -> tuple[dict[str, Any], dict[str, str]]:
    """Explore into `folder`; the result as JSON values, and each candidate's words by key."""
    clock = Lap(began)
    opened, selection = opened_for(args)
    source = opened.image
    seconds = {"load": clock.lap()}
    engine = Engine(model_store(args.models, args.model))
    suggestions = _suggestions(args, engine, source)
    seconds["suggest"] = clock.lap()
    driver = CliEditDriver(engine, bar)
    run = driver(
        EditJob(
            tuple(one.instruction for one in suggestions),
            source,
            selection,
            methods=(args.method,) if args.method else (),
            count=1,
            seed=args.seed,
            quality=Quality.PREVIEW,
            ask=False,
        )
    )
    seconds["prepare"] = clock.lap(driver.planned_at)
    seconds["edit"], scoring = clock.lap(driver.made_at), clock.lap()
    entries, rendered = ranked_entries(driver, source, selection, folder, bar, unranked=False)
    seconds["edit"] += clock.lap()
    instructions = {request.key: request.instruction for request in run.requests}
    reasons = {one.text: str(one.reason) for one in suggestions}
    kinds = {one.text: one.kind for one in suggestions}
    for entry in entries:
        own = instructions[entry["key"]]
        entry["instruction"] = instruction_values(own)
        entry["kind"] = kinds.get(own.text, "none")
        entry["suggested_because"] = reasons.get(own.text, "")
    words = {key: own.text for key, own in instructions.items()}
    write_cards(folder, source, "Explored", entries, rendered, words)
    seconds["rank"] = scoring + clock.lap()
    seconds["total"] = time.monotonic() - began
    first = run.prepared[0]
    scores, notes = run.scores.values(), run.memory_notes
    result = result_of(args.image, opened, first, None, entries, seconds, scores, notes)
    result["instruction"] = instruction_values(Instruction("", first.instruction.source_prompt))
    return result, words


def _suggestions(args: argparse.Namespace, engine: Engine, source: Image) -> list[Suggestion]:
    """Of the language model where it knows the picture, else measured phrases."""
    events: list[SuggestionsReady] = []

    def take(event: Event) -> None:
        if isinstance(event, SuggestionsReady):
            events.append(event)

    job = SuggestJob(source, args.prompt, count=args.count, seed=args.seed)
    run_job(engine, job, take)
    known = [one for one in events if one.domain is None or one.domain.fits]
    if known and known[0].suggestions:
        return list(known[0].suggestions)
    small = thumbnail(source, _SIDE)
    colours = small[:, :, :3] if small.shape[2] >= 3 else small[:, :, :1].repeat(3, axis=2)
    found = fitting_phrases(colours, args.count, page=args.seed)
    return [Suggestion.of(one.text, "", "", one.reason) for one in found]
