"""Edits from the storybook's vocabulary, which complete what a model proposes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from editor.messages import Message
from inference.language.proposals import Proposal
from inference.request.jobs import PathStep
from inference.starter.captions import (
    COLOUR_WORDS,
    GROUND_WORDS,
    SECOND_WORDS,
    SUBJECT_WORDS,
    article,
)
from inference.starter.lines import ParsedEdit
from inference.starter.reasons import of_world
from inference.starter.scene import (
    COLOURS,
    GROUNDS,
    LIGHTS,
    SEASONS,
    SECONDS,
    STYLES,
    SUBJECTS,
    WEATHERS,
)
from inference.starter.world_captions import CaptionReading, reword

_WHOLE: Final = {
    ("light", "noon"): "make it noon",
    ("light", "sunset"): "make it sunset",
    ("light", "night"): "make it night",
    ("light", "grey day"): "make it a grey day",
    ("weather", "clear"): "clear the sky",
    ("weather", "cloudy"): "make it cloudy",
    ("weather", "rain"): "make it rain",
    ("weather", "snow"): "let it snow",
    ("season", "spring"): "make it spring",
    ("season", "summer"): "make it summer",
    ("season", "autumn"): "make it autumn",
    ("season", "winter"): "make it winter",
    ("style", "flat"): "as a flat illustration",
    ("style", "watercolour"): "as a watercolour",
    ("style", "pixel art"): "as pixel art",
    ("style", "pencil"): "as a pencil drawing",
}


def instruction_of(reading: CaptionReading, edit: ParsedEdit) -> str:
    """A plain instruction for an edit of this caption."""
    attribute = edit.attribute
    value = edit.changes[attribute]
    if (attribute, value) in _WHOLE:
        return _WHOLE[attribute, value]
    thing = reading.words_of("second" if attribute.startswith("second") else "subject")
    if edit.kind == "recolour":
        return f"make the {thing} {COLOUR_WORDS[value][0]}"
    if attribute == "ground":
        return f"add {GROUND_WORDS[value][0]}" if value != "bare" else f"remove {_ground(reading)}"
    if edit.kind == "remove":
        return f"remove the {thing}"
    if edit.kind == "add":
        colour = COLOUR_WORDS[edit.changes["second_colour"]][0]
        return f"add {article(f'{colour} {SECOND_WORDS[value][0]}')}"
    nouns = SUBJECT_WORDS if attribute == "subject" else SECOND_WORDS
    return f"turn the {thing} into {article(nouns[value][0])}"


def world_edits(reading: CaptionReading, *, subject: bool) -> tuple[ParsedEdit, ...]:
    """Every edit the starter models know that changes this caption.

    Args:
        reading: of a caption of the storybook world.
        subject: whether the thing the picture is about may become another one.
    """
    now = reading.values
    edits = [
        ParsedEdit(name, {name: value})
        for name, values in _OF_THE_WHOLE
        for value in values
        if value != now.get(name)
    ]
    edits += [ParsedEdit("recolour", {"colour": c}) for c in COLOURS if c != now.get("colour")]
    if now["second"] == "none":
        edits += [
            ParsedEdit("add", {"second": thing, "second_colour": colour})
            for thing in SECONDS[1:]
            for colour in COLOURS
            if thing.split()[-1] != now.get("subject")
        ]
    else:
        edits.append(ParsedEdit("remove", {"second": "none"}))
        others = [c for c in COLOURS if c != now.get("second_colour")]
        edits += [ParsedEdit("recolour", {"second_colour": c}) for c in others]
    if now["ground"] == "bare":
        edits += [ParsedEdit("add", {"ground": ground}) for ground in GROUNDS[1:]]
    else:
        edits.append(ParsedEdit("remove", {"ground": "bare"}))
    if subject:
        taken = (now.get("subject"), now["second"].split()[-1])
        edits += [ParsedEdit("replace", {"subject": s}) for s in SUBJECTS if s not in taken]
    return tuple(edits)


_OF_THE_WHOLE: Final = (
    ("light", LIGHTS),
    ("weather", WEATHERS),
    ("season", SEASONS),
    ("style", STYLES),
)


def from_world(
    reading: CaptionReading, path: Sequence[PathStep], seed: int, *, subject: bool
) -> Iterator[Proposal]:
    """Proposals from the storybook's vocabulary, one attribute after the other in turn."""
    rng = np.random.default_rng(seed)
    edits = world_edits(reading, subject=subject)
    by_attribute: dict[str, list[ParsedEdit]] = {}
    for i in rng.permutation(len(edits)):
        by_attribute.setdefault(edits[i].attribute, []).append(edits[i])
    while by_attribute:
        for attribute in tuple(by_attribute):
            edit = by_attribute[attribute].pop()
            if not by_attribute[attribute]:
                del by_attribute[attribute]
            target = reword(reading, edit)
            if target is not None:
                yield Proposal(
                    instruction_of(reading, edit),
                    target,
                    Message("suggest.from_list", reason=of_world(reading, edit, path)),
                    (edit.attribute, edit.changes[edit.attribute]),
                )


def _ground(reading: CaptionReading) -> str:
    words = reading.words_of("ground")
    return f"the {words.removeprefix('a ')}"
