from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from app.cli.output import DONE, UsageError, files_complete, print_json, say
from app.cli.staging import require_new_folder
from editor.formats.whole_file import whole_file
from editor.survey.answers import read_answers
from editor.survey.make import make_survey
from editor.survey.presets import PRESETS
from editor.survey.ratings import import_ratings, imported_ratings
from editor.survey.report import QuestionSummary, SurveyReport, report
from editor.survey.report_page import kappa_text, raters_line, report_page
from editor.survey.survey import KEY, PAGE, close, read_key, read_survey

REPORT = "report.html"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser("survey", help="blind ratings by people: make, collect, report")
    steps = parser.add_subparsers(metavar="STEP", required=True)
    make = steps.add_parser(
        "make",
        help="a blind survey of what models made",
        description="ITEMS is csv or jsonl with model, text, picture or words, before, case.",
    )
    make.add_argument("items", type=Path, metavar="ITEMS")
    make.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    make.add_argument("--preset", choices=sorted(PRESETS), default="concept")
    shown = make.add_mutually_exclusive_group()
    shown.add_argument("--pairs", action="store_true", help="two answers beside each other")
    shown.add_argument("--singly", action="store_true", help="one answer at a time")
    make.add_argument("--title", default="", metavar="T")
    make.add_argument("--seed", type=int, default=0, metavar="N", help="of order and sides")
    make.add_argument("--json", action="store_true")
    make.set_defaults(run=run_make)
    reading = steps.add_parser("import", help="take raters' csv files")
    reading.add_argument("folder", type=Path, metavar="DIR")
    reading.add_argument("files", type=Path, nargs="+", metavar="CSV")
    reading.add_argument("--json", action="store_true")
    reading.set_defaults(run=run_import)
    summary = steps.add_parser("report", help="means, agreement, wins; a page with plots")
    summary.add_argument("folder", type=Path, metavar="DIR")
    summary.add_argument(
        "--close", action="store_true", help="open the key; later ratings are refused"
    )
    summary.add_argument(
        "-o", dest="output", type=Path, metavar="HTML", help=f"default: DIR/{REPORT}"
    )
    summary.add_argument("--json", action="store_true")
    summary.set_defaults(run=run_report)


def run_make(args: argparse.Namespace) -> int:
    """Write a survey into a new or empty folder."""
    if args.seed < 0:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or more.")
    require_new_folder(args.output)
    pairs = True if args.pairs else False if args.singly else None
    survey = make_survey(
        read_answers(args.items),
        args.output,
        args.preset,
        seed=args.seed,
        pairs=pairs,
        title=args.title,
    )
    page = args.output / PAGE
    with files_complete(args.output):
        if args.json:
            values = {"folder": str(args.output), "page": str(page), "items": len(survey.items)}
            print_json(values | {"questions": [one.id for one in survey.questions]})
        else:
            say(f"{len(survey.items)} items. Give raters {page}; keep {KEY} from them.")
    return DONE


def run_import(args: argparse.Namespace) -> int:
    """Take ratings into a survey, all files or none."""
    survey = read_survey(args.folder)
    raters = import_ratings(args.folder, survey, args.files)
    count = len(imported_ratings(args.folder, survey))
    if args.json:
        print_json({"raters": list(raters), "ratings": count})
    else:
        say(f"Ratings of {', '.join(raters)}. {count} ratings in all.")
    return DONE


def run_report(args: argparse.Namespace) -> int:
    """Print what the ratings say and write the page; by model once the survey is closed."""
    survey = read_survey(args.folder)
    ratings = imported_ratings(args.folder, survey)
    key = read_key(args.folder, survey) if args.close or survey.closed else None
    if args.close and not survey.closed:
        survey = close(args.folder, survey)
    found = report(survey, ratings, key)
    page = args.output or args.folder / REPORT
    with whole_file(page) as file:
        file.write(report_page(found).encode("utf-8"))
    with files_complete(page):
        if args.json:
            print_json({"page": str(page), **found.to_json()})
        else:
            _print(found)
            say(f"In {page}")
    return DONE


def _print(found: SurveyReport) -> None:
    say(raters_line(found))
    for question in found.questions:
        say(f"\n{question.question.text}")
        for row in question.models or ((question.overall,) if question.overall else ()):
            spread = "" if row.deviation is None else f", deviation {row.deviation:.2f}"
            say(
                f"  {row.name:<20} {row.mean:.2f} [{row.low:.2f}, {row.high:.2f}]"
                f"{spread}, n = {row.n}"
            )
        for pair in question.comparisons:
            score = f"{pair.wins} wins, {pair.ties} ties, {pair.losses} losses"
            say(f"  {pair.first} against {pair.second}: {score}")
        say(f"  {_agreement(question)}")


def _agreement(question: QuestionSummary) -> str:
    mean, pooled = question.agreement.mean, question.agreement.pooled
    return (
        f"κ linear / quadratic: {kappa_text(mean[0])} / {kappa_text(mean[1])} over pairs of "
        f"raters, {kappa_text(pooled[0])} / {kappa_text(pooled[1])} pooled"
    )
