"""`evaluate words`: how often known words are refused and unknown ones guessed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.lab import require_lab
from app.cli.model_options import model_store
from app.cli.output import DONE, ProgressBar, UsageError, print_json, say


def add_words(protocols: Any) -> None:
    """Declare it."""
    words = protocols.add_parser(
        "words", help="how often known words are refused and unknown ones guessed"
    )
    words.add_argument(
        "--part",
        default="held-out",
        metavar="PART",
        help="held-out, or calibration, of which the wrong sentences are printed too",
    )
    words.add_argument("--sentences", type=Path, metavar="FILE", help="other sentences")
    words.add_argument("--models", type=Path, metavar="DIR", help="other models than the shipped")
    words.add_argument("--json", action="store_true")
    words.set_defaults(run=run_words)


def run_words(args: argparse.Namespace) -> int:
    """Say every sentence of a part to the engine; nothing is painted."""
    if args.part not in ("calibration", "held-out"):
        raise UsageError(f"There is no part {args.part}.", "Say calibration or held-out.")
    require_lab()
    from inference.lab.evaluation.sentences import SENTENCES, read_sentences
    from inference.lab.evaluation.words import figures, hear

    sentences = [
        one for one in read_sentences(args.sentences or SENTENCES) if one.part == args.part
    ]
    bar = ProgressBar()
    heard = []
    try:
        for one in hear(sentences, model_store(args.models)):
            heard.append(one)
            bar.show("words", len(heard) / len(sentences))
    finally:
        bar.clear()
    report = figures(heard, args.part)
    if args.json:
        print_json(report)
        return DONE
    for row in report["rows"]:
        share = row["metric"]
        say(
            f"{row['name']:<24} {share['mean']:.3f}  [{share['low']:.3f}, {share['high']:.3f}]"
            f"  n = {row['n']}"
        )
    most = (
        f"refused at most {report['refused_at_most']}, guessed at most {report['guessed_at_most']}"
    )
    say(f"{most}: {'holds' if report['holds'] else 'does not hold'}")
    if args.part == "calibration":
        for one in heard:
            if one.misread or one.carried_out != one.sentence.known:
                say(f"{one.sentence.group}: {one.sentence.text}  ({one.outcome}: {one.said})")
    return DONE
