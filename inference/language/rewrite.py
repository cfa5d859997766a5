"""Target prompts for an instruction: what DiffChat does, with any language model and the gate."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final

from editor.model.prompt_edit.prompt_tokens import key_of
from editor.ranking.content_integrity import (
    THRESHOLD,
    WantedContent,
    content_integrity,
    lemmas,
)
from inference.language.chat import as_text
from inference.language.chat_lines import rewrite_line, speaks_chat_lines
from inference.language.direction import Direction
from inference.language.directions import directions
from inference.language.free_rewrites import free_rewrites
from inference.language.generate import (
    Language,
    OnText,
    TextSampling,
    context_of,
    sample_answers,
    token_count,
)
from inference.language.language_domain import domain_of_language
from inference.language.plain_reading import asked_words
from inference.language.rewriter import rewriter
from inference.language.written_prompt import tidy_prompt
from inference.request.cancel import CancelCheck
from inference.request.path_step import PathStep
from inference.request.rewrite_job import RewrittenPrompt

NEW_TOKENS: Final = 96
ROUNDS: Final = 2
_TASK: Final = (
    "You rewrite prompts for a picture model. You get a prompt and what the artist asks. Answer "
    "with the whole new prompt in one line: do what is asked, keep everything else. Nothing else."
)


@dataclass(frozen=True)
class Rewriting:
    """What an instruction makes of a prompt.

    Attributes:
        plain_target: the plain reading, which the others are measured against.
        options: different target prompts; those that pass the gate first, then by integrity.
    """

    plain_target: str
    options: tuple[RewrittenPrompt, ...]


def rewrite(
    language: Language,
    prompt: str,
    instruction: str,
    count: int,
    seed: int,
    check: CancelCheck,
    threshold: float = THRESHOLD,
    *,
    readings: Sequence[Direction] = (),
    path: Sequence[PathStep] = (),
    on_text: OnText | None = None,
) -> Rewriting:
    """At most `count` target prompts.

    The plain reading is the language model's own caption after the edit. A model that was trained
    to rewrite is asked in its lines, any other is shown examples; the starter model, which knows
    its world alone, gives its readings, and prompts that hold what was asked and say some of the
    rest anew.

    Args:
        language: the model.
        prompt: before.
        instruction: what the artist asks.
        count: how many are wanted; fewer where the model repeats itself.
        seed: another one gives other prompts.
        check: called before every token; what it raises ends the work.
        threshold: τ of the gate; lower for "be free", higher for "keep everything".
        readings: of the instruction, where they are known; the first is the plain one.
        path: what was asked before, oldest first; models that are shown examples read it as
            earlier turns of the conversation, as far as there is room.
        on_text: called with all texts as they are written.

    Raises:
        NotUnderstood: the model has no usable reading of the instruction.
    """
    readings = readings or directions(language, prompt, instruction, check, seed)
    plain = readings[0].target_prompt
    found = {_key(one.target_prompt): one.target_prompt for one in readings}
    with rewriter(language):
        question = _question(language, prompt, instruction, path)
        if question is not None:
            wanted = asked_words(prompt, instruction) & lemmas(plain)
            drawn = _drawn(language, question, wanted, count, seed, check, on_text)
            found = {**found, **drawn} if speaks_chat_lines(language.model.config) else drawn
            found.pop(_key(prompt), None)
    if question is None and len(found) < count:
        more = count - len(found)
        others = free_rewrites(
            language, prompt, plain, more, seed, check, known=tuple(found.values())
        )
        found |= {_key(text): text for text in others}
    content = WantedContent.of(prompt, plain, instruction)
    options = [RewrittenPrompt(text, content_integrity(text, content)) for text in found.values()]
    return Rewriting(plain, tuple(_ordered(options, threshold)[:count]))


def _key(text: str) -> tuple[str, ...]:
    """What makes two prompts the same: their words, articles aside."""
    return tuple(word for word in key_of(text) if word not in {"a", "an", "the"})


def _drawn(
    language: Language,
    question: str,
    wanted: frozenset[str],
    count: int,
    seed: int,
    check: CancelCheck,
    on_text: OnText | None,
) -> dict[tuple[str, ...], str]:
    """Different answers by their key, as they were drawn.

    Those without a lemma of `wanted` are taken where fewer than two have them all.
    """
    found: dict[tuple[str, ...], str] = {}
    others: dict[tuple[str, ...], str] = {}
    for attempt in range(ROUNDS):
        sampling = TextSampling(seed=seed * ROUNDS + attempt)
        for answer in sample_answers(
            language, question, count, NEW_TOKENS, sampling, check, on_text=on_text
        ):
            text = tidy_prompt(answer, cut=token_count(language, answer) >= NEW_TOKENS - 1)
            if text:
                (found if wanted <= lemmas(text) else others).setdefault(_key(text), text)
        if len(found) >= count:
            break
    return found if len(found) > 1 else found | others


def _ordered(options: Sequence[RewrittenPrompt], threshold: float) -> list[RewrittenPrompt]:
    """Those that pass the gate as they came, then the others, the most whole first."""
    passing = [one for one in options if one.integrity.passes(threshold)]
    others = [one for one in options if not one.integrity.passes(threshold)]
    return passing + sorted(others, key=lambda one: -one.integrity.score)


def _question(
    language: Language, prompt: str, instruction: str, path: Sequence[PathStep] = ()
) -> str | None:
    """What the model is asked; None where it has no words or no room for it."""
    room = context_of(language) - NEW_TOKENS
    if speaks_chat_lines(language.model.config):
        text = rewrite_line(prompt, instruction)
        return text if token_count(language, text) <= room else None
    if domain_of_language(language.model.config) is not None:
        return None
    shown = [(one["prompt"], one["asked"], one["rewritten"]) for one in _examples()]
    shown += _turns(path)  # the newest is the last that is left out
    for first in range(len(shown) + 1):
        messages = [{"role": "system", "content": _TASK}]
        for before, asked, after in shown[first:]:
            messages.append({"role": "user", "content": _asked(before, asked)})
            messages.append({"role": "assistant", "content": after})
        messages.append({"role": "user", "content": _asked(prompt, instruction)})
        text = as_text(messages, language.tokenizer, template=language.has_template)
        if token_count(language, text) <= room:
            return text
    return None


def _turns(path: Sequence[PathStep]) -> list[tuple[str, str, str]]:
    """Prompt before, request and prompt after of each earlier turn that has all three."""
    kept = [step for step in path if step.accepted and step.prompt]
    return [
        (one.prompt, two.instruction, two.prompt) for one, two in pairwise(kept) if two.instruction
    ]


def _asked(prompt: str, instruction: str) -> str:
    return f"Prompt: {' '.join(prompt.split())}\nAsked: {' '.join(instruction.split())}"


@cache
def _examples() -> tuple[dict[str, str], ...]:
    file = resources.files("resources") / "language" / "rewrite_examples.json"
    return tuple(json.loads(file.read_text("utf-8")))
