"""Several captions before and after an edit, from a language model.

Pix2Pix-OnTheFly (Santos et al. 2024, section 3.2): the average of what they differ by is the edit
direction. A model without a chat template continues a text that ends at the first caption; one with
a template answers with a line of JSON.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib import resources
from typing import Any, Final, TypeGuard

from editor.model.prompt_edit.prompt_tokens import key_of
from inference.language import chat
from inference.language.generate import (
    Language,
    TextSampling,
    best_answers,
    context_of,
    sample_answers,
    token_count,
)
from inference.request.cancel import CancelCheck

TOKENS_A_CAPTION: Final = 40
"""Room for each caption of an answer."""

LONGEST: Final = 60
"""Words of a caption, at most: more do not fit into the context of CLIP's text encoder."""

_AGAIN: Final = TextSampling(0.7, 0.95)
"""An answer that cannot be read is asked for once more, drawn."""

_LINE: Final = re.compile(r"^\s*Caption\s*(\d+)\s*:\s*(.+?)\s*$", re.IGNORECASE)
_SYSTEM: Final = (
    "You write captions of a picture. You get the caption of the picture, an instruction and a "
    "number n. Write n different captions of the picture as it is, the first being the one you "
    "got, and for each the caption of the same picture once the instruction is carried out. "
    "Change nothing that the instruction does not speak of. Answer with one line of JSON and "
    'nothing else: {"before": [n captions], "after": [n captions]}.'
)


@dataclass(frozen=True)
class CaptionPairs:
    """Captions of one picture before and after an edit, pair by pair."""

    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class PairQuestion:
    """How the model is asked.

    Attributes:
        count: pairs wanted (N of the paper: 1, 2 or 4).
        locked: the first caption before is the picture's own; else the model writes it too.
        shots: examples before the question (0, 1 or 3 in the paper).
        detailed: the longer of the paper's two wordings.
        seed: of the choice of examples, and of a second answer.
    """

    count: int = 4
    locked: bool = True
    shots: int = 1
    detailed: bool = False
    seed: int = 0


@cache
def pool() -> tuple[tuple[str, CaptionPairs], ...]:
    """Instructions with four pairs each, written by hand; none is in the sets of `tests/data`."""
    text = resources.files("resources.language").joinpath("caption_pairs.json").read_text("utf-8")
    return tuple(
        (one["instruction"], CaptionPairs(tuple(one["before"]), tuple(one["after"])))
        for one in json.loads(text)
    )


def caption_pairs(
    language: Language, caption: str, instruction: str, how: PairQuestion, check: CancelCheck
) -> CaptionPairs | None:
    """Ask a model that was trained on no lines of ours.

    The likeliest answer is taken; one that cannot be read is asked for once more, drawn. Pairs that
    are missing at the end are done without.

    Args:
        language: any causal model.
        caption: of the picture.
        instruction: what the artist asks.
        how: how many pairs, after which examples.
        check: called before every token; what it raises ends the work.

    Returns:
        None where no pair can be read, or the question does not fit into the model's context.
    """
    caption, instruction = " ".join(caption.split()), " ".join(instruction.split())
    examples = _examples(how)
    if language.has_template:
        messages = _messages(caption, instruction, examples, how)
        question = chat.as_text(messages, language.tokenizer, template=True)
    else:
        question = scaffold(caption, instruction, examples, how)
    room = 2 * how.count * TOKENS_A_CAPTION
    if token_count(language, question) > context_of(language) - room:
        return None
    drawn = TextSampling(_AGAIN.temperature, _AGAIN.top_p, how.seed)
    until = None if language.has_template else partial(_is_complete, caption=caption, how=how)
    for asked in (0, 1):
        if asked:
            (answer,) = sample_answers(language, question, 1, room, drawn, check, until)
        else:
            answer = best_answers(language, [question], room, check, until)[0].text
        if language.has_template:
            found = read_json(answer, caption, how)
        else:
            found = read_scaffold(answer, caption, how)
        if found is not None:
            return found
    return None


def scaffold(
    caption: str,
    instruction: str,
    examples: Sequence[tuple[str, CaptionPairs]],
    how: PairQuestion,
) -> str:
    """The text that a model continues: instruction, and output as far as it is known."""
    blocks = [
        _request(text, len(pairs.before), detailed=how.detailed) + _written(pairs)
        for text, pairs in examples
    ]
    blocks.append(_request(instruction, how.count, detailed=how.detailed) + "Caption 1:")
    if how.locked:
        blocks[-1] += f" {caption}\n" + ("" if how.count > 1 else _AFTER)
    return "\n\n\n".join(blocks)


_BEFORE: Final = "Output: Before transformation\n\n"
_AFTER: Final = "\nAfter transformation\n\nCaption 1:"


def _request(instruction: str, count: int, *, detailed: bool) -> str:
    if detailed:
        asked = (
            f"Write {count} pairs of descriptive captions: of a picture before and after the "
            f"transformation “{instruction}” is applied to it. Make explicit what changes."
        )
    else:
        asked = f"Transformation “{instruction}”: {count} captions before and {count} after."
    return f"Instruct: {asked}\n{_BEFORE}"


def _written(pairs: CaptionPairs) -> str:
    def lines(captions: Sequence[str]) -> str:
        return "\n".join(f"Caption {i}: {text}" for i, text in enumerate(captions, 1))

    return f"{lines(pairs.before)}\n\nAfter transformation\n\n{lines(pairs.after)}"


def read_scaffold(answer: str, caption: str, how: PairQuestion) -> CaptionPairs | None:
    """The pairs in what a model wrote behind `scaffold`; None if there are none."""
    sections = _sections(answer, caption, how)
    numbers = [i for i in range(1, how.count + 1) if i in sections[0] and i in sections[1]]
    return _checked([sections[0][i] for i in numbers], [sections[1][i] for i in numbers])


def _sections(answer: str, caption: str, how: PairQuestion) -> tuple[dict[int, str], ...]:
    """The numbered captions before and after, with what stood in the question already."""
    text = f"Caption 1:{answer}"
    if how.locked:
        known = f"Caption 1: {caption}"
        text = f"{known}{_AFTER}{answer}" if how.count == 1 else f"{known}\n{answer}"
    sections: tuple[dict[int, str], ...] = ({}, {})
    place = 0
    for line in text.splitlines():
        if line.strip().lower().startswith("after"):
            place += 1
        if place > 1 or line.strip().startswith("Instruct:"):
            break
        found = _LINE.match(line)
        if found is not None:
            sections[place].setdefault(int(found[1]), found[2])
    return sections


def _is_complete(answer: str, caption: str, how: PairQuestion) -> bool:
    """Whether all captions after are there, or another question begins."""
    if "Instruct:" in answer or "\n\n\n" in answer:
        return True
    after = _sections(answer, caption, how)[1]
    return how.count in after and answer.endswith("\n")


def read_json(answer: str, caption: str, how: PairQuestion) -> CaptionPairs | None:
    """The pairs in a line of JSON; None unless it is what was asked for."""
    try:
        values = json.loads(answer)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, dict):
        return None
    before, after = values.get("before"), values.get("after")
    if not _are_texts(before, how.count) or not _are_texts(after, how.count):
        return None
    if how.locked and key_of(before[0]) != key_of(caption):
        return None
    return _checked(before, after)


def _are_texts(values: Any, count: int) -> TypeGuard[list[str]]:
    return (
        isinstance(values, list)
        and len(values) == count
        and all(isinstance(value, str) for value in values)
    )


def _checked(before: Sequence[str], after: Sequence[str]) -> CaptionPairs | None:
    """Pairs that say something, are short enough and differ."""
    pairs = [
        (" ".join(old.split()), " ".join(new.split()))
        for old, new in zip(before, after, strict=True)
    ]
    good = [
        (old, new)
        for old, new in pairs
        if key_of(old) and key_of(new) and key_of(old) != key_of(new)
        and max(len(old.split()), len(new.split())) <= LONGEST
    ]  # fmt: skip
    if not good:
        return None
    return CaptionPairs(tuple(old for old, _ in good), tuple(new for _, new in good))


def _examples(how: PairQuestion) -> list[tuple[str, CaptionPairs]]:
    """Drawn from the pool; of each as many of its four pairs as are asked for."""
    draw = random.Random(how.seed)
    chosen = draw.sample(pool(), min(how.shots, len(pool())))
    made = []
    for text, pairs in chosen:
        places = draw.sample(range(len(pairs.before)), min(how.count, len(pairs.before)))
        before = tuple(pairs.before[i] for i in places)
        made.append((text, CaptionPairs(before, tuple(pairs.after[i] for i in places))))
    return made


def _messages(
    caption: str,
    instruction: str,
    examples: Sequence[tuple[str, CaptionPairs]],
    how: PairQuestion,
) -> list[dict[str, str]]:
    def asked(before: str, text: str, count: int) -> dict[str, str]:
        values = {"caption_before": before, "instruction": text, "n": count}
        return {"role": "user", "content": json.dumps(values, ensure_ascii=False)}

    messages = [{"role": "system", "content": _SYSTEM}]
    for text, pairs in examples:
        messages.append(asked(pairs.before[0], text, len(pairs.before)))
        answer = {"before": pairs.before, "after": pairs.after}
        messages.append({"role": "assistant", "content": json.dumps(answer, ensure_ascii=False)})
    messages.append(asked(caption, instruction, how.count))
    return messages
