"""The captions before and after an edit, from an instruction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from editor.errors import NotUnderstood
from inference.language import chat
from inference.language.generate import (
    Language,
    TextSampling,
    best_answers,
    context_of,
    sample_answers,
    token_count,
)
from inference.language.proposals import key_of
from inference.request.cancel import CancelCheck
from inference.starter import language as starter
from inference.starter.captions import parse
from inference.starter.lines import ParsedEdit, parse_edit, question
from inference.starter.world_captions import CaptionReading, read_caption, reword

_DRAWN: Final = 3
"""Answers drawn from a model that was not trained on our lines, beside the likeliest."""


@dataclass(frozen=True)
class Direction:
    """One reading of an instruction.

    Attributes:
        source_prompt: the caption before, as it was given.
        target_prompt: the caption after; always another one.
        edit: what was understood, in the storybook world; None elsewhere.
        agreed: another answer of the model says the same.
    """

    source_prompt: str
    target_prompt: str
    edit: ParsedEdit | None = None
    agreed: bool = False


class DirectionUnknown(NotUnderstood):
    """The language model gave no usable caption for the picture after the edit."""


def directions(
    language: Language, caption: str, instruction: str, check: CancelCheck, seed: int = 0
) -> tuple[Direction, ...]:
    """The readings of an instruction, the likeliest first; more than one where they differ.

    Args:
        language: any causal language model; the starter model is asked in its own lines.
        caption: of the picture before.
        instruction: what the artist asks.
        check: called before every token; what it raises ends the work.
        seed: of the further answers of models that were not trained on our lines.

    Raises:
        DirectionUnknown: no answer can be used; nothing is made up in its place.
    """
    caption, instruction = " ".join(caption.split()), " ".join(instruction.split())
    if not key_of(caption):
        raise DirectionUnknown("There is no caption of the picture.", "Write what it shows.")
    if not key_of(instruction):
        raise DirectionUnknown("There are no words to go by.", "Say what should change.")
    if starter.speaks_lines(language.model.config):
        found = _of_starter(language, caption, instruction, check)
    else:
        found = _of_any(language, caption, instruction, check, seed)
    if not found:
        raise DirectionUnknown(
            "The language model could not tell what the picture would show afterwards.",
            "Say it in other words, or write the caption after the edit yourself.",
        )
    return found


def _of_starter(
    language: Language, caption: str, instruction: str, check: CancelCheck
) -> tuple[Direction, ...]:
    """Both of its answers in one batch: the parsed edit and the caption after it.

    The parsed edit, applied to the caption's own words, is believed first: it changes nothing
    else. The caption after it is a second reading, and the first where there is no edit.
    """
    prompts = [question("edit", caption, instruction), question("after", caption, instruction)]
    room = context_of(language) - starter.ANSWER_TOKENS["after"]
    if max(token_count(language, q) for q in prompts) > room:
        raise DirectionUnknown("Caption and instruction are too long.", "Say it shorter.")
    line, after = best_answers(language, prompts, starter.ANSWER_TOKENS["after"], check)
    reading = read_caption(caption)
    edit = parse_edit(line)
    applied = reword(reading, edit) if edit else None
    caption_after = _believed(after, reading)
    same = (
        applied is not None and caption_after is not None and parse(applied) == parse(caption_after)
    )
    found = []
    if applied is not None:
        found.append(Direction(caption, applied, edit, agreed=same))
    if caption_after is not None and not same:
        found.append(Direction(caption, caption_after))
    return tuple(found)


def _believed(after: str, reading: CaptionReading) -> str | None:
    """The caption after, if it reads back whole and says something else than before."""
    then = read_caption(after)
    whole = {"subject", "colour", "place", "light", "weather", "season", "view", "style"}
    if not reading.inside or not whole <= set(then.phrases) or then.share < 1.0:
        return None
    # What the caption before leaves out cannot be known after.
    if set(then.phrases) - set(reading.phrases) - {"second", "second_colour", "ground"}:
        return None
    return None if then.values == reading.values else after


def _of_any(
    language: Language, caption: str, instruction: str, check: CancelCheck, seed: int
) -> tuple[Direction, ...]:
    messages = chat.after_messages(caption, instruction)
    prompt = chat.as_text(messages, language.tokenizer, template=language.has_template)
    if token_count(language, prompt) > context_of(language) - chat.ANSWER_TOKENS:
        raise DirectionUnknown("Caption and instruction are too long.", "Say it shorter.")
    answers = best_answers(language, [prompt], chat.ANSWER_TOKENS, check)
    drawn = sample_answers(
        language, prompt, _DRAWN, chat.ANSWER_TOKENS, TextSampling(0.7, 0.9, seed), check
    )
    targets: dict[tuple[str, ...], list[str]] = {}
    for answer in (*answers, *drawn):
        target = chat.read_after(answer, caption)
        if target is not None:
            targets.setdefault(key_of(target), []).append(target)
    ranked = sorted(targets.values(), key=len, reverse=True)
    return tuple(Direction(caption, same[0], agreed=len(same) > 1) for same in ranked)
