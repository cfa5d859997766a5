"""`evaluate upscale` and `evaluate select`: on a folder of photographs."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say


def add_upscale(protocols: Any) -> None:
    """Declare `evaluate upscale`."""
    parser = protocols.add_parser("upscale", help="photographs reduced and enlarged again")
    _add_folder(parser)
    parser.add_argument(
        "--side", type=int, default=512, metavar="N", help="longest side of the truth in pixels"
    )
    parser.add_argument("--scale", type=int, default=2, metavar="N", help="times smaller")
    parser.add_argument("--n", type=int, default=0, metavar="N", help="at most (default: all)")
    parser.set_defaults(run=run_upscale)


def add_select(protocols: Any) -> None:
    """Declare `evaluate select`."""
    parser = protocols.add_parser("select", help="subjects of photographs outlined by hand")
    _add_folder(parser)
    parser.set_defaults(run=run_select)


def _add_folder(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="photographs")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")


def _check_folder(args: argparse.Namespace) -> None:
    if not args.folder.is_dir():
        raise UsageError(f"There is no folder {args.folder}.", "Name a folder with photographs.")
    require_lab()


def run_upscale(args: argparse.Namespace) -> int:
    """Measure against Pillow's bicubic; print every figure with its interval."""
    _check_folder(args)
    if not (args.side == 0 or args.side >= 32) or not 2 <= args.scale <= 8 or args.n < 0:
        raise UsageError(
            "--side, --scale or --n is out of range.", "Give --side 32 or more, --scale 2 to 8."
        )
    from inference.lab.evaluation.upscale import UpscaleProtocol, evaluate_upscale
    from inference.models.loaded import LoadedUpscaler

    began, bar = time.monotonic(), ProgressBar()
    model = model_store(args.models, args.model).load("upscaler", LoadedUpscaler)
    protocol = UpscaleProtocol(args.folder, args.side, args.scale, args.n)
    pictures: list[dict[str, Any]] = []

    def on_picture(name: str, gains: dict[str, float]) -> None:
        pictures.append({"file": name, "gain": {k: round(v, 2) for k, v in gains.items()}})
        bar.show(f"{len(pictures)} done", 0.0)

    try:
        rows = evaluate_upscale(protocol, model, lambda: None, on_picture).rows()
    finally:
        bar.clear()
    if args.json:
        print_json(
            {
                "model": model.found.id,
                "rows": [row.report() for row in rows],
                "pictures": pictures,
                "seconds": round(time.monotonic() - began, 1),
            }
        )
        return DONE
    for row in rows:
        say(f"{row.name:<20} {row.mean:7.2f} dB  [{row.low:.2f}, {row.high:.2f}]  n = {row.n}")
    return DONE


def run_select(args: argparse.Namespace) -> int:
    """Measure intersection over union with the outlines; print it for each photograph."""
    _check_folder(args)
    from inference.lab.evaluation.subjects import evaluate_subjects
    from inference.models.loaded import LoadedSegmentation
    from inference.workflow.subject import BARS

    network = model_store(args.models, args.model).load("segmentation", LoadedSegmentation)
    figures = list(evaluate_subjects(args.folder, network, lambda: None))
    rows = [
        {
            "file": one.photograph.file,
            "kind": one.photograph.kind,
            "iou": round(one.iou, 3),
            "confidence": round(one.confidence, 3),
            "selected": one.confidence >= BARS["subject"],
        }
        for one in figures
    ]
    if args.json:
        print_json({"model": network.found.id, "rows": rows})
        return DONE
    for row in rows:
        verdict = "selected" if row["selected"] else "refused"
        say(
            f"{row['file']:<36} {row['kind']:<8} IoU {row['iou']:.3f}"
            f"  confidence {row['confidence']:.3f}  {verdict}"
        )
    for kind in ("person", "other"):
        values = [
            one.iou
            for one in figures
            if one.photograph.kind == kind and one.confidence >= BARS["subject"]
        ]
        if values:
            say(f"{kind}: mean IoU {sum(values) / len(values):.3f} of {len(values)} selected")
    return DONE
