"""`pentimento upscale`: a picture with more pixels, as one file."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.edit import few_arenas
from app.cli.edit_driver import CliEditDriver
from app.cli.event_stream import Streamed
from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, ProgressBar, print_json, say
from app.cli.staging import FolderInTheWay
from editor.formats import SaveOptions, open_image, save_image
from editor.model.edit import Instruction
from editor.model.patch import settings_of
from inference.methods.upscale import INFO
from inference.request.edit_job import EditJob, Until
from inference.workflow.engine import Engine

_THUMBNAIL = 64


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "upscale",
        help="draw a picture with more pixels",
        description="Draw a picture with more pixels. Depth, profile and transparency stay.",
    )
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument(
        "--scale", default="2", metavar="N", help="how many times longer each side becomes"
    )
    parser.add_argument(
        "-o", dest="output", type=Path, required=True, metavar="OUT",
        help="the ending names the format: png, tif, jpg or webp",
    )  # fmt: skip
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The command; raises what `guarded` turns into exit codes."""
    few_arenas()
    if args.output.is_dir():
        raise FolderInTheWay(f"{args.output} is a folder.", "Give a file name with -o.")
    settings = settings_of({"scale": INFO.setting("scale").parse(args.scale)})
    opened = open_image(args.image)
    job = EditJob(
        (Instruction("upscale"),),
        opened.image,
        methods=(INFO.name,),
        count=1,
        settings=settings,
        until=Until.EDITED,
        describe=False,
    )
    bar = ProgressBar()
    driver = CliEditDriver(Engine(model_store(args.models, args.model)), bar)
    try:
        driver(job)
        (candidate,) = driver.made.candidates
        bar.show("writing", 0.0)
        result = Streamed(opened.image, candidate.patch, None, _THUMBNAIL)
        notes = (*opened.notes, *save_image(result.image, args.output, options=SaveOptions()))
        width, height = result.image.width, result.image.height
        result.close()
    finally:
        bar.clear()
    if args.json:
        print_json(
            {
                "file": str(args.output),
                "width": width,
                "height": height,
                "models": [model.to_json() for model in candidate.request.models],
                "seconds": dict(candidate.recorded)["seconds"],
                "notes": [str(note) for note in notes],
            }
        )
    else:
        for note in notes:
            say(str(note), error=True)
        (model,) = candidate.request.models
        say(f"{args.output}: {width} × {height}, drawn by {model.id}")
    return DONE
