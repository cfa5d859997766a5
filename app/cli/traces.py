from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, UsageError, print_json, say
from app.cli.staging import FolderInTheWay
from editor.display_name import display_name

PARTS = ("train", "held-out")
KINDS = ("document", "traces", "log", "pictures", "sessions", "triples")


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("traces", help="paths of prompts and edits that led to pictures")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    read = actions.add_parser(
        "import",
        help="find the traces in a document, a log, edit sessions or a folder of pictures",
        description="Find traces and write them as JSON lines. Prompts of a log or of generated "
        "pictures are grouped by DBSCAN over text features and cut at pauses of half an hour.",
    )
    read.add_argument("source", type=Path, metavar="SOURCE")
    read.add_argument("-o", dest="output", type=Path, required=True, metavar="OUT")
    read.add_argument("--as", dest="kind", choices=KINDS, help="default: found out")
    read.add_argument("--eps", type=float, metavar="D", help="largest distance of neighbours")
    read.add_argument(
        "--sensitivity", action="store_true", help="count the traces for other distances too"
    )
    read.add_argument("--credit", default="", metavar="T", help="source and licence of the words")
    read.add_argument("--part", choices=PARTS, help="by id: what is learnt from, or what is kept")
    add_model_options(read)
    read.add_argument("--json", action="store_true")
    read.set_defaults(run=run_import)
    drawn = actions.add_parser("simulate", help="traces of simulated artists with hidden goals")
    drawn.add_argument("-o", dest="output", type=Path, required=True, metavar="OUT")
    drawn.add_argument("--count", type=int, default=1000, metavar="N")
    drawn.add_argument("--seed", type=int, default=0, metavar="N")
    drawn.add_argument("--memoryless", action="store_true", help="whose path helps nobody")
    drawn.add_argument("--json", action="store_true")
    drawn.set_defaults(run=run_simulate)
    shown = actions.add_parser("open", help="write one trace as a document to look at")
    shown.add_argument("file", type=Path, metavar="FILE")
    shown.add_argument("--trace", default="", metavar="ID", help="default: the longest one")
    shown.add_argument("--pictures", type=Path, metavar="DIR", help="where its pictures lie")
    shown.add_argument("-o", dest="output", type=Path, required=True, metavar="OUT")
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(run=run_open)


def run_import(args: argparse.Namespace) -> int:
    """Write the traces of a source; print how many, and which kinds of edits they hold."""
    if args.eps is not None and not 0 < args.eps <= 2:
        raise UsageError(f"--eps cannot be {args.eps}.", "Give it more than 0, at most 2.")
    if args.output.is_dir():
        raise FolderInTheWay(f"{args.output} is a folder.", "Give a file name with -o.")
    from inference.language.traces.import_traces import import_traces
    from inference.language.traces.split import in_part
    from inference.language.traces.text_features import text_features
    from inference.language.traces.trace_file import write_traces

    found = import_traces(
        args.source,
        lambda: text_features(model_store(args.models, args.model)),
        kind=args.kind,
        eps=args.eps,
        credit=args.credit,
        sensitivity=args.sensitivity,
    )
    if args.part:
        part = tuple(trace for trace in found.traces if in_part(trace, args.part))
        found = replace(found, traces=part)
    count = write_traces(args.output, found.traces)
    edits = sum(trace.edit_count for trace in found.traces)
    if args.json:
        print_json(
            {
                "file": str(args.output),
                "kind": found.kind,
                "entries": found.entries,
                "traces": count,
                "edits": edits,
                "edit_kinds": found.edit_kinds,
                "features": found.features or None,
                "eps": found.eps or None,
                "sensitivity": {f"{eps:.2f}": n for eps, n in found.sensitivity.items()},
            }
        )
        return DONE
    say(f"{count} traces with {edits} edits in {display_name(args.output)}")
    for name, number in found.edit_kinds.items():
        say(f"  {name:<8} {number}")
    for eps, number in found.sensitivity.items():
        say(f"  eps {eps:.2f}: {number} traces")
    return DONE


def run_simulate(args: argparse.Namespace) -> int:
    """Write traces of simulated artists."""
    if not 1 <= args.count <= 1_000_000 or args.seed < 0:
        raise UsageError("--count or --seed is out of range.", "Give 1 to 1000000, and 0 or more.")
    require_lab()
    from inference.lab.finetune.simulated_traces import write_simulated

    count = write_simulated(args.output, args.count, args.seed, memoryless=args.memoryless)
    if args.json:
        print_json({"file": str(args.output), "traces": count, "seed": args.seed})
    else:
        say(f"{count} traces in {display_name(args.output)}")
    return DONE


def run_open(args: argparse.Namespace) -> int:
    """Write a trace as a document."""
    from app.cli.trace_document import write_trace_document
    from inference.language.traces.errors import BadTraces
    from inference.language.traces.trace_file import read_traces

    if args.output.suffix != ".pentimento":
        raise UsageError("A document's name ends in .pentimento.", "Give such a name with -o.")
    traces = [trace for trace in read_traces(args.file) if trace.kept]
    if not traces:
        raise BadTraces("No trace of the file has a kept step.", "Give another file.")
    named = [trace for trace in traces if not args.trace or trace.id == args.trace]
    if not named:
        raise BadTraces(f"There is no trace “{args.trace}”.", "The file lists the ids.")
    trace = max(named, key=lambda trace: trace.edit_count)
    folder = args.pictures or args.file.parent
    drawn = write_trace_document(trace, args.output, folder)
    if args.json:
        print_json({"file": str(args.output), "trace": trace.id, "drawn": drawn})
        return DONE
    say(f"Trace {trace.id}: {trace.edit_count} edits in {display_name(args.output)}")
    if drawn:
        say(f"{drawn} steps have no picture and are shown as cards with their words.")
    return DONE
