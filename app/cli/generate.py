from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np

from app.cli.edit import MAX_COUNT, few_arenas
from app.cli.edit_driver import CliEditDriver
from app.cli.edit_output import models_of, rendered_candidates
from app.cli.lora import add_lora, lora_settings
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
from app.cli.settings_option import add_settings, settings_values
from app.cli.sheet import Card, write_sheet
from app.cli.staging import RESULT, staged
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues, settings_of
from inference.methods.generate import INFO as GENERATE
from inference.models.store import ModelStore
from inference.request.edit_job import EditJob, Until
from inference.workflow.engine import Engine

LONGEST = 8192
_PAPER = 255


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "generate",
        help="draw new pictures from words",
        description="Draw new pictures from words into a folder, to begin a document with.",
    )
    parser.add_argument("prompt", metavar="PROMPT", help="what the picture shows")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    parser.add_argument("--count", type=int, default=4, metavar="N", help="pictures in all")
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument(
        "--size", default="", metavar="WxH", help="in pixels; the model's own size without it"
    )
    add_settings(parser)
    add_lora(parser)
    add_model_options(parser)
    parser.add_argument("--json", action="store_true", help="print result.json")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The command; raises what `guarded` turns into exit codes."""
    few_arenas()
    settings = _checked(args)
    size = _size(args.size)
    bar = ProgressBar()
    try:
        with staged(args.output) as folder:
            result = generate(args, settings, size, folder, bar)
            (folder / RESULT).write_text(json_text(result) + "\n", "utf-8")
    finally:
        bar.clear()
    with files_complete(args.output):
        if args.json:
            print_json(result)
            return DONE
        for entry in result["candidates"]:
            width, height = entry["size"]
            say(f"{entry['rank']:>2} {entry['file']}  {width} × {height}, seed {entry['seed']}")
        say(f"{len(result['candidates'])} in {result['seconds']['total']:.1f} s, in {args.output}")
    return DONE


def generate(
    args: argparse.Namespace,
    settings: SettingValues,
    size: tuple[int, int] | None,
    folder: Path,
    bar: ProgressBar,
) -> dict[str, Any]:
    """Draw into `folder`; the result as JSON values (`resources/schemas/generate.json`)."""
    began = time.monotonic()
    store: ModelStore = model_store(args.models, args.model)
    store.require(GENERATE)
    if size is None:
        size = (store.side("text_to_image", GENERATE.name),) * 2
    paper = Image.from_array(np.full((size[1], size[0], 3), _PAPER, np.uint8))
    driver = CliEditDriver(Engine(store), bar)
    run = driver(
        EditJob(
            (Instruction(args.prompt, target_prompt=args.prompt),),
            paper,
            methods=(GENERATE.name,),
            count=args.count,
            seed=args.seed,
            settings=settings,
            until=Until.EDITED,
        )
    )
    requests = {request.key: request for request in run.requests}
    entries: list[dict[str, Any]] = []
    cards: list[Card] = []
    for place, (key, made) in enumerate(rendered_candidates(driver, paper, None, folder, bar), 1):
        request = requests[key]
        name = f"{place:02d}-generate-{request.seed}.png"
        made.file.rename(folder / name)
        entries.append(
            {
                "rank": place,
                "file": name,
                "method": request.method,
                "key": key,
                "seed": request.seed,
                "settings": dict(request.settings),
                "size": list(made.size),
                "model": list(request.weights),
                **models_of(request),
            }
        )
        cards.append(Card(made.thumbnail, place, True, f"seed {request.seed}", "", ranked=False))
    write_sheet(folder / "sheet.png", None, args.prompt, cards)
    return {
        "source": {"width": size[0], "height": size[1], "pixel_digest": paper.pixel_digest},
        "prompt": args.prompt,
        "candidates": entries,
        "seconds": {"total": time.monotonic() - began},
    }


def _checked(args: argparse.Namespace) -> SettingValues:
    if not 1 <= args.count <= MAX_COUNT:
        raise UsageError(f"--count cannot be {args.count}.", f"Give it 1 to {MAX_COUNT}.")
    if not 0 <= args.seed < 2**63 - MAX_COUNT:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or a larger number.")
    values = settings_values(args.set, [GENERATE.name])
    return settings_of({**dict(values), **lora_settings(args.lora, [GENERATE.name])})


def _size(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    width, _, height = text.lower().replace("×", "x").partition("x")
    if not (width.isascii() and width.isdigit() and height.isascii() and height.isdigit()):
        raise UsageError(f"--size cannot be {text}.", "Write it as 768x512.")
    size = int(width[:6]), int(height[:6])
    if not all(1 <= side <= LONGEST for side in size):
        raise UsageError(f"--size cannot be {text}.", f"Sides go from 1 to {LONGEST} pixels.")
    return size
