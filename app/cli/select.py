"""`pentimento select`: the subject of a picture as a mask."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, print_json, say
from app.cli.staging import FolderInTheWay
from app.cli.word_job import answer
from editor.formats import open_image, save_image
from editor.model.image import Image
from inference.request.jobs import SubjectJob, SubjectReady
from inference.workflow.engine import Engine


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "select",
        help="find the subject of a picture",
        description="Write a mask of a picture's size: white is what was found. "
        "Other commands take it with --selection.",
    )
    parser.add_argument("image", type=Path, metavar="IMAGE")
    part = parser.add_mutually_exclusive_group()
    for name, text in (
        ("subject", "people, or another subject that stands out (default)"),
        ("background", "everything else"),
        ("person", "people, also where the model is less sure"),
    ):
        part.add_argument(f"--{name}", dest="part", action="store_const", const=name, help=text)
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="MASK.png")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, part="subject")


def run(args: argparse.Namespace) -> int:
    """The command; raises what `guarded` turns into exit codes."""
    if args.output.is_dir():
        raise FolderInTheWay(f"{args.output} is a folder.", "Give a file name with -o.")
    opened = open_image(args.image)
    engine = Engine(model_store(args.models, args.model))
    ready = answer(engine, SubjectJob(opened.image, args.part), SubjectReady)
    save_image(Image.from_array(ready.coverage), args.output)
    share = float(ready.coverage.mean() / 255)
    if args.json:
        print_json(
            {
                "file": str(args.output),
                "part": args.part,
                "share": round(share, 4),
                "confidence": round(ready.confidence, 4),
                "model": ready.model,
                "notes": [str(note) for note in opened.notes],
            }
        )
    else:
        for note in opened.notes:
            say(str(note), error=True)
        say(f"{args.output}: {share:.0%} of the picture")
    return DONE
