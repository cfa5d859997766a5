"""InstructPE records in real words: human triples, and typed edits of real prompts.

The simple side of a prompt is its head by rule: what stands before the first comma, "by" or "in the
style of". The beautified side of a human caption is the caption with modifiers of a real prompt.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from editor.english.lexicon import lemma
from editor.english.noun_phrases import NounPhrase, noun_phrases
from editor.errors import ExpectedError
from editor.model.prompt_edit.prompt_tokens import chunks, head_end, key_of
from editor.ranking.prompt_order import polished_words
from inference.lab.finetune.instructpe.record import InstructPrompt

PROMPTS: Final = Path("image_reward") / "diffusiondb_prompts.jsonl"
TRIPLES: Final = Path("instruct_pix2pix_human") / "human_written_prompts.jsonl"
PROMPT_ORIGIN: Final = "DiffusionDB prompt (CC0), typed edit by rule"
TRIPLE_ORIGIN: Final = (
    "InstructPix2Pix human triple (MIT), beautified with modifiers of a DiffusionDB prompt (CC0)"
)
TRAINED_TRIPLES: Final = 300
_HEAD_WORDS: Final = range(2, 13)
_STYLES: Final = (
    *("an oil painting", "a watercolour", "a pencil sketch", "a charcoal drawing", "a woodcut"),
    *("a comic book page", "a black and white photograph", "pixel art", "a pastel drawing"),
)
_MEDIA: Final = frozenset(
    {
        "portrait",
        "photo",
        "photograph",
        "picture",
        "image",
        "painting",
        "sketch",
        "drawing",
        "illustration",
    }
    | {"shot", "close", "art", "artwork", "render", "rendering", "poster", "print"}
    | {"style", "view", "scene", "depiction", "concept", "still", "cover"}
)
"""Heads of phrases that say what kind of picture it is, not what is on it."""

_MODIFIERS: Final = range(2, 7)
_ASKS: Final = {
    "replace": (
        "replace the {old} with {new}",
        "turn the {old} into {new}",
        "make the {old} {new}",
    ),
    "add": ("add {new}", "put {new} in it", "it should have {new}"),
    "remove": ("remove the {old}", "take the {old} away", "no {old}"),
    "style": ("make it {new}", "as {new}", "turn it into {new}"),
}


class NoRealWords(ExpectedError):
    """The folder lacks the files of prompts and triples, or they cannot be read."""

    kind = "no_real_words"


def read_lines(file: Path) -> list[dict[str, str]]:
    """The objects of a jsonl file.

    Raises:
        NoRealWords: there is none that can be read.
    """
    try:
        lines = file.read_text("utf-8").split("\n")
        values = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError, RecursionError) as error:
        raise NoRealWords(
            f"{file.name} cannot be read.", f"Give a folder with {file.name}."
        ) from error
    if not all(isinstance(value, dict) for value in values):
        raise NoRealWords(f"{file.name} holds other lines than JSON objects.")
    return values


def real_prompts(folder: Path) -> list[str]:
    """The prompts of a folder, each once, with single spaces."""
    texts = (" ".join(str(line.get("prompt", "")).split()) for line in read_lines(folder / PROMPTS))
    return list(dict.fromkeys(text for text in texts if text))


def plain_prompt(prompt: str) -> str:
    """The head of a prompt; "" where it is too short, too long or names nothing."""
    head = prompt[: head_end(prompt)].strip(" ,.;")
    fits = len(key_of(head)) in _HEAD_WORDS and noun_phrases(head)
    return head if fits else ""


def triple_records(
    folder: Path, prompts: Sequence[str], seed: int
) -> tuple[list[InstructPrompt], list[InstructPrompt]]:
    """The human triples: those for training and the rest for tests, by a seeded order.

    Raises:
        NoRealWords: there is no file of triples, or no prompt has modifiers to lend.
    """
    triples = read_lines(folder / TRIPLES)
    order = np.random.default_rng(seed).permutation(len(triples))
    ends = [end for prompt in prompts if (end := _end(prompt))]
    if not ends:
        raise NoRealWords("No prompt has modifiers of style.", f"Give more in {PROMPTS.name}.")
    records = []
    for place in order:
        triple = triples[place]
        rng = np.random.default_rng([seed, int(place)])
        end = ends[int(rng.integers(len(ends)))]
        source, target = (
            " ".join(str(triple.get(key, "")).split()).rstrip(" .") for key in ("input", "output")
        )
        records.append(
            InstructPrompt(
                source,
                str(triple.get("edit", "")).strip(),
                source + end,
                target + end,
                target,
                TRIPLE_ORIGIN,
            )
        )
    return records[:TRAINED_TRIPLES], records[TRAINED_TRIPLES:]


def prompt_records(prompts: Sequence[str], count: int, seed: int) -> Iterator[InstructPrompt]:
    """Typed edits of real prompts: in turns replace, add, remove and style.

    Args:
        prompts: of `real_prompts`.
        count: how many edits are tried; prompts without what an edit needs give none.
        seed: of prompts, words and wordings.
    """
    usable = [prompt for prompt in prompts if plain_prompt(prompt)]
    things = [thing for prompt in usable if (thing := _subject(plain_prompt(prompt)))]
    kinds = tuple(_ASKS)
    for index in range(count if things else 0):
        rng = np.random.default_rng([seed, index])
        prompt = usable[int(rng.integers(len(usable)))]
        thing = things[int(rng.integers(len(things)))]
        record = _edited(prompt, kinds[index % len(kinds)], thing, rng)
        if record is not None:
            yield record


def _edited(
    prompt: str, kind: str, thing: NounPhrase, rng: np.random.Generator
) -> InstructPrompt | None:
    plain = plain_prompt(prompt)
    end = prompt[head_end(prompt) :]
    end = f" {end}" if end[:1].isalnum() else end
    ask = _ASKS[kind][int(rng.integers(len(_ASKS[kind])))]
    if kind == "style":
        style = _STYLES[int(rng.integers(len(_STYLES)))]
        bare = style.removeprefix("an ").removeprefix("a ")
        return _record(
            plain, ask.format(new=style), prompt, f"{prompt}, {bare}", f"{plain}, {bare}"
        )
    if kind == "add":
        if thing.text in plain:
            return None
        target = f"{plain} with {_with_article(thing)}"
        return _record(plain, ask.format(new=_with_article(thing)), prompt, target + end, target)
    if kind == "replace":
        subject = _subject(plain)
        if subject is None or key_of(subject.text) == key_of(thing.text):
            return None
        old = subject.text
        article = re.compile(rf"\b(an? )?{re.escape(old)}", re.IGNORECASE)
        target = article.sub(lambda m: _with_article(thing) if m[1] else thing.text, plain, 1)
        words = ask.format(old=old, new=_with_article(thing))
        return _record(plain, words, prompt, target + end, target)
    extras = _extras(prompt)
    if not extras:
        return None
    old = extras[int(rng.integers(len(extras)))]
    without = ", ".join(part.strip() for part in prompt.split(",") if part.strip() != old)
    return _record(f"{plain}, {old}", ask.format(old=old), prompt, without, plain)


def _record(
    plain: str, instruction: str, source: str, target: str, plain_target: str
) -> InstructPrompt:
    return InstructPrompt(plain, instruction, source, target, plain_target, PROMPT_ORIGIN)


def _subject(plain: str) -> NounPhrase | None:
    """The first thing that a plain prompt names; None where it names the kind of picture alone."""
    return next((one for one in noun_phrases(plain) if one.head not in _MEDIA), None)


def _end(prompt: str) -> str:
    """The modifiers of style and quality among a prompt's chunks; "" for too few of them."""
    parts = [prompt[chunk.start : chunk.end] for chunk in chunks(prompt)[1:]]
    found = [part for part in parts if polished_words(part)]
    if len(found) < _MODIFIERS.start:
        return ""
    return ", " + ", ".join(found[: _MODIFIERS.stop - 1])


def _extras(prompt: str) -> list[str]:
    """Chunks after the first that are things, not style."""
    found: Iterable[str] = (prompt[chunk.start : chunk.end] for chunk in chunks(prompt)[1:])
    return [
        text
        for text in found
        if len(key_of(text)) <= 4 and not polished_words(text) and noun_phrases(text)
        and prompt.count(text) == 1
    ]  # fmt: skip


def _with_article(thing: NounPhrase) -> str:
    """The phrase with "a" or "an", unless it is a name, many, or has a number."""
    last = thing.text.split()[-1].casefold()
    many = lemma(last, "NOUN") != last
    if thing.name or many or thing.text[0].isdigit():
        return thing.text
    return f"{'an' if thing.text[0].casefold() in 'aeiou' else 'a'} {thing.text}"
