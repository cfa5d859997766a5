from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from app.cli.model_options import add_model_options, model_store
from app.cli.output import DONE, UsageError, print_json, say
from editor.english.concepts import Concept, concepts
from editor.errors import ExpectedError, ModelMissing
from editor.messages import Message
from editor.ranking.prompt_order import RankedPrompt, ordered, polished_words
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken

if TYPE_CHECKING:
    from inference.language.ideas import ThingsUnknown

STORIES: Final = (".txt", ".md")
MOST_BYTES: Final = 1 << 20
MOST_PROMPTS: Final = 24


class NoConcepts(ExpectedError):
    """The text names nothing that a picture could be of, or cannot be read."""

    kind = "no_concepts"


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "ideas",
        help="concepts of a word, text or story, and prompts about them",
        description="List the names, noun phrases and main sentences of a text or of a .txt or .md "
        "file, the best first; with --prompts, write prompts about the first of them.",
    )
    parser.add_argument("text", metavar="TEXT|FILE")
    parser.add_argument("--count", type=int, default=10, metavar="N", help="concepts listed")
    parser.add_argument("--prompts", type=int, default=0, metavar="K", help="for each concept")
    parser.add_argument(
        "--of", default="", metavar="T", help="write prompts about this concept alone"
    )
    parser.add_argument(
        "--polish", type=float, default=0.5, metavar="B", help="0 faithful .. 1 polished first"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="another gives others")
    add_model_options(parser)
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the concepts, and prompts where they are asked for."""
    if not 1 <= args.count <= 100 or not 0 <= args.prompts <= MOST_PROMPTS:
        raise UsageError(
            "--count or --prompts is out of range.",
            f"Give --count 1 to 100 and --prompts 0 to {MOST_PROMPTS}.",
        )
    if not 0 <= args.polish <= 1 or args.seed < 0:
        raise UsageError("--polish or --seed is out of range.", "Give 0 to 1; a seed of 0 or more.")
    found = concepts(_read(args.text))[: args.count]
    if not found and not args.of:
        raise NoConcepts("The text names nothing.", "Give a noun, a sentence or a story.")
    about = [args.of] if args.of else [one.text for one in found]
    prompts: dict[str, tuple[RankedPrompt, ...]] = {}
    unknown: dict[str, ThingsUnknown] = {}
    if args.prompts:
        prompts, unknown = _all_prompts(about, args)
    if args.json:
        print_json(
            {
                "concepts": [entry(one) for one in found],
                "prompts": {
                    name: [
                        {
                            "prompt": p.prompt,
                            "faithful": round(p.faithful, 4),
                            "polished": p.polished,
                        }
                        for p in made
                    ]
                    for name, made in prompts.items()
                },
                "unknown": {name: list(why.things) for name, why in unknown.items()},
            }
        )
        return DONE
    for one in found:
        score = "" if one.score is None else f"  {one.score:.2f}  {one.count} ×"
        say(f"{one.kind:<9} {one.text}{score}")
    for name, made in prompts.items():
        say(f"\n{name}")
        for prompt in made:
            say(f"  {prompt.prompt}")
    for name, why in unknown.items():
        say(f"\n{name}\n  ({why})")
    return DONE


def entry(concept: Concept) -> dict[str, Any]:
    """A concept as JSON values."""
    score = None if concept.score is None else round(concept.score, 4)
    return {"text": concept.text, "kind": concept.kind, "count": concept.count, "score": score}


def _read(text: str) -> str:
    """The text itself, or what the file of that name holds."""
    if not text.lower().endswith(STORIES) or len(text) > 4096:
        return text
    file = Path(text)
    try:
        if file.stat().st_size > MOST_BYTES:
            raise NoConcepts(f"{file.name} is too large.", "Give a story of at most 1 MiB.")
        return file.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        raise NoConcepts(f"{file.name} cannot be read as text.", "Give a UTF-8 file.") from error


def _all_prompts(
    concepts: Sequence[str], args: argparse.Namespace
) -> tuple[dict[str, tuple[RankedPrompt, ...]], dict[str, ThingsUnknown]]:
    """The prompts about each concept, and why there are none about others.

    Raises:
        ThingsUnknown: there are none about any.
    """
    from inference.language.ideas import ThingsUnknown

    store = model_store(args.models, args.model)
    prompts, unknown = {}, {}
    for concept in concepts:
        try:
            prompts[concept] = _prompts(store, concept, args)
        except ThingsUnknown as error:
            unknown[concept] = error
    if unknown and not prompts:
        raise next(iter(unknown.values()))
    return prompts, unknown


def _prompts(store: ModelStore, concept: str, args: argparse.Namespace) -> tuple[RankedPrompt, ...]:
    from inference.language.ideas import faithfulness, prompt_writer, prompts_for
    from inference.language.serve import language_of

    language = language_of(store)
    if language is None:
        raise ModelMissing(Message("suggest.no_language_model"), Message("do.add_model"))
    check = CancelToken().check
    with prompt_writer(language) as world:
        made = prompts_for(language, concept, args.prompts, args.seed, check, world)
    faithful = faithfulness(store, concept, made, check)
    ranked = [
        RankedPrompt(prompt, value, polished_words(prompt))
        for prompt, value in zip(made, faithful, strict=True)
    ]
    return ordered(ranked, args.polish)
