from __future__ import annotations

import argparse
from typing import Any

from app.cli.marked_change import marked
from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, UsageError, print_json, say
from editor.errors import ModelMissing
from editor.messages import Message
from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.ranking.content_integrity import THRESHOLD
from inference.request.cancel import CancelToken
from inference.request.rewrite_job import RewrittenPrompt

MOST = 16


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "rewrite",
        help="change a prompt by saying what you want",
        description="Write target prompts for an instruction; what they keep and lose is listed.",
    )
    parser.add_argument("prompt", metavar="PROMPT")
    parser.add_argument("instruction", metavar="INSTRUCTION")
    parser.add_argument("--count", type=int, default=4, metavar="N", help="target prompts")
    parser.add_argument(
        "--keep", type=float, default=THRESHOLD, metavar="T", help="0 be free .. 1 keep everything"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another gives others")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the target prompts, those that keep enough first."""
    if not 1 <= args.count <= MOST:
        raise UsageError(f"--count cannot be {args.count}.", f"Give it 1 to {MOST}.")
    if not 0 <= args.keep <= 1 or args.seed < 0:
        raise UsageError("--keep or --seed is out of range.", "Give 0 to 1; a seed of 0 or more.")
    from inference.language.rewrite import rewrite
    from inference.language.serve import language_of

    language = language_of(model_store(args.models, args.model))
    if language is None:
        raise ModelMissing(Message("suggest.no_language_model"), Message("do.add_model"))
    check = CancelToken().check
    made = rewrite(language, args.prompt, args.instruction, args.count, args.seed, check, args.keep)
    if args.json:
        options = [_entry(one, args) for one in made.options]
        print_json({"plain_target": made.plain_target, "options": options})
        return DONE
    say(f"Read as: {made.plain_target}")
    for one in made.options:
        say(f"{one.prompt}\n    {', '.join(_changes(args.prompt, one.prompt))}")
        found = one.integrity
        if found.lost or found.returned:
            lost = ", ".join([*found.lost, *(f"{word} is back" for word in found.returned)])
            say(f"    lost: {lost}" + ("" if found.passes(args.keep) else "  (below your bar)"))
    return DONE


def _entry(one: RewrittenPrompt, args: argparse.Namespace) -> dict[str, Any]:
    return {
        "prompt": one.prompt,
        "integrity": round(one.integrity.score, 4),
        "passes": one.integrity.passes(args.keep),
        "kept": list(one.integrity.kept),
        "lost": list(one.integrity.lost),
        "returned": list(one.integrity.returned),
        "changes": _changes(args.prompt, one.prompt),
    }


def _changes(before: str, after: str) -> list[str]:
    return [marked(change) for change in prompt_edit(before, after).changes]
