"""Rewrites an artist's words in the storybook's, for a model that was trained on no others."""

from __future__ import annotations

import re

from editor.model.edit import Instruction
from editor.tone.characters import meaningful
from inference.starter.grammar import instruction_of
from inference.starter.instructions import vocabulary
from inference.starter.lines import ParsedEdit
from inference.starter.world_captions import WHOLE, CaptionReading, read_caption

_WORD = re.compile(r"[a-z']+")


def in_storybook_words(instruction: Instruction) -> str:
    """What to ask such a model for.

    The artist's own words where the model has met all of them. Else what the captions before and
    after say that changes, in the sentences it learnt from; the language model read the words into
    them, or the artist wrote them. How much it helps: ``instruct_pix2pix.phrasings.…`` in
    ``docs/starter-models.md``.

    Args:
        instruction: with both prompts where they are known; without them it stays as it is.
    """
    text = meaningful(instruction.text)
    if all(word in vocabulary() for word in _WORD.findall(text.lower())):
        return text
    before, after = map(read_caption, (instruction.source_prompt, instruction.target_prompt))
    if not before.inside or not after.inside:
        return text
    edits = edits_between(before, after)
    return " and ".join(instruction_of(before, edit) for edit in edits) if edits else text


def edits_between(before: CaptionReading, after: CaptionReading) -> tuple[ParsedEdit, ...]:
    """The edits between two captions; () if there are none, or none that the world knows."""
    was, now = before.values, after.values
    changed = {name: value for name, value in now.items() if was.get(name) != value}
    found = []
    if "second" in changed:
        thing = changed.pop("second")
        changed.pop("second_colour", None)
        known = {"second_colour": now["second_colour"]} if "second_colour" in now else {}
        if thing == "none":
            found.append(ParsedEdit("remove", {"second": thing}))
        elif was["second"] != "none":
            found.append(ParsedEdit("replace", {"second": thing} | known))
        elif known:
            found.append(ParsedEdit("add", {"second": thing} | known))
        else:
            return ()
    for name, value in changed.items():
        if name in WHOLE:
            found.append(ParsedEdit(name, {name: value}))
        elif name in ("colour", "second_colour"):
            found.append(ParsedEdit("recolour", {name: value}))
        elif name == "subject":
            found.append(ParsedEdit("replace", {name: value}))
        elif name == "ground":
            found.append(ParsedEdit("remove" if value == "bare" else "add", {name: value}))
        else:
            return ()
    return tuple(found)
