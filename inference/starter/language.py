"""The starter language model: its questions, and how its answers are checked."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from inference.language.fitted_question import fitted_question
from inference.language.proposals import Context, Proposal
from inference.starter.captions import things_named
from inference.starter.grammar import instruction_of
from inference.starter.instructions import names
from inference.starter.lines import (
    LINE_FORMAT,
    ParsedEdit,
    Task,
    parse_next,
    question_line,
)
from inference.starter.reasons import of_world
from inference.starter.scene import ATTRIBUTES
from inference.starter.world_captions import WHOLE, CaptionReading, reword

ANSWER_TOKENS: Final[dict[Task, int]] = {"after": 64, "edit": 16, "next": 40}
"""The longest answers of each kind, in the starter model's tokens, with some room."""

_REMOVAL: Final = re.compile(
    r"\b(?:remove|delete|erase|drop|lose|hide|without|no|cut|take|get rid of|leave out|get)\b"
)
_NOTHING: Final = {"second": "none", "ground": "bare"}
_COLOURS: Final = ("colour", "second_colour")


def speaks_lines(config: Any) -> bool:
    """Whether a model's config says that it was trained on these lines."""
    return getattr(config, "line_format", None) == LINE_FORMAT


def direction_questions(caption: str, instruction: str) -> tuple[str, ...]:
    """The two questions about an instruction: for the parsed edit, and for the caption after it."""
    return question_line("edit", caption, instruction), question_line("after", caption, instruction)


def next_question(context: Context, room: int, count: Callable[[str], int]) -> str | None:
    """The question for what could be said next, the path cut from its beginning until it fits.

    Args:
        context: caption, path and refusals.
        room: tokens the question may have.
        count: tokens of a text.

    Returns:
        None where even the bare caption is too long.
    """
    return fitted_question(
        lambda done, refused: question_line(
            "next", context.caption, done=tuple(done), refused=tuple(refused)
        ),
        context,
        room,
        count,
    )


def proposal(
    answer: str, reading: CaptionReading, context: Context, *, subject: bool
) -> Proposal | None:
    """What an answer to ``next:`` proposes; None unless all of it holds.

    The line parses; the caption can be reworded so; the instruction names what the edit does, and
    things that are there; the subject is only replaced where ``subject`` allows it.
    """
    parsed = parse_next(answer)
    if parsed is None:
        return None
    text, edit = parsed
    attribute = edit.attribute
    if attribute == "subject" and not subject:
        return None
    target = reword(reading, edit)
    if target is None or not says(text, edit, reading) or not knows(text, edit, reading):
        return None
    reason = of_world(reading, edit, context.path)
    # What the model means in the plainest words: its own are as varied as what it was taught.
    plain = instruction_of(reading, edit)
    return Proposal(plain, target, reason, (attribute, edit.changes[attribute]))


def says(text: str, edit: ParsedEdit, reading: CaptionReading) -> bool:
    """Whether an instruction names what the edit does, and no other value of that attribute."""
    attribute = edit.attribute
    value = edit.changes[attribute]
    if value == _NOTHING.get(attribute):
        now = reading.values[attribute]
        return _named(text, attribute, now) and bool(_REMOVAL.search(text.lower()))
    if attribute in WHOLE:
        others = (v for v in ATTRIBUTES[attribute] if v != value)
        if any(_named(text, attribute, other) for other in others) and not _named(
            text, attribute, value
        ):
            return False
    if edit.kind == "add" and attribute == "second":
        return _named(text, attribute, value) and _named(
            text, "second_colour", edit.changes["second_colour"]
        )
    return _named(text, attribute, value)


def knows(text: str, edit: ParsedEdit, reading: CaptionReading) -> bool:
    """Whether every thing the instruction names is there before or after, in that colour."""
    now = reading.values
    scenes = (now, now | dict(edit.changes))
    roles = (("subject", "colour"), ("second", "second_colour"))
    return all(
        any(
            scene.get(role) == thing and colour in ("", scene.get(shade))
            for scene in scenes
            for role, shade in roles
        )
        for thing, colour in things_named(text)
    )


def pairs_of(text: str, reading: CaptionReading) -> frozenset[tuple[str, str]]:
    """What a refused instruction asks for: attributes and values, as far as its words tell."""
    found = {
        (attribute, value)
        for attribute, values in ATTRIBUTES.items()
        for value in values
        if _named(text, attribute, value)
    }
    now = reading.values
    pairs = {pair for pair in found if pair[0] in WHOLE}
    things = {pair for pair in found if pair[0] in ("subject", "second", "ground")}
    if _REMOVAL.search(text.lower()):
        present = {a for a, v in things if now.get(a) == v}
        return frozenset(pairs | {(a, _NOTHING[a]) for a in present if a in _NOTHING})
    new = {pair for pair in things if now.get(pair[0]) != pair[1]}
    present = {a for a, v in things if now.get(a) == v}
    colours = {pair for pair in found if pair[0] in _COLOURS}
    if present & {"subject", "second"}:
        about = {"colour" if a == "subject" else "second_colour" for a in present}
        colours = {pair for pair in colours if pair[0] in about}
        new = {pair for pair in new if not any(_same_noun(pair, p, now) for p in present)}
    elif new:  # the colour of a new thing
        colours = set()
    return frozenset(pairs | new | colours)


def edit_named(text: str, reading: CaptionReading) -> ParsedEdit | None:
    """The one edit that the words of an instruction name outright, without any model.

    None where they name none, or more than one.
    """
    now = reading.values
    pairs = [pair for pair in pairs_of(text, reading) if now.get(pair[0]) != pair[1]]
    if len(pairs) != 1:
        return None
    attribute, value = pairs[0]
    if attribute in WHOLE:
        return ParsedEdit(attribute, {attribute: value})
    if attribute in _COLOURS:
        return ParsedEdit("recolour", {attribute: value})
    if attribute == "subject":
        return ParsedEdit("replace", {attribute: value})
    if value == _NOTHING[attribute]:
        return ParsedEdit("remove", {attribute: value})
    if attribute == "ground":
        return ParsedEdit("add", {attribute: value})
    if now["second"] == "none" or "second_colour" not in now:
        return None  # a new thing has a colour of its own, which nobody named
    return ParsedEdit("replace", {"second_colour": now["second_colour"], attribute: value})


def _same_noun(pair: tuple[str, str], present: str, now: dict[str, str]) -> bool:
    """A cat may be subject or second thing: only the one that is there is meant."""
    return pair[0] != present and now.get(present) == pair[1]


def _named(text: str, attribute: str, value: str) -> bool:
    low = text.lower()
    return any(re.search(rf"\b{re.escape(name)}\b", low) for name in names(attribute, value))
