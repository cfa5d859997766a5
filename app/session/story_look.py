"""What all pictures of a storyboard have in common: a look, and a thing that stays the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from editor.model.prompt_edit.prompt_tokens import chunks, words

LOOKS: Final = ("flat illustration", "watercolour", "pencil drawing", "pixel art")
"""Looks that every picture model here can draw, the small one of the program too."""

_FULL_STOPS: Final = " .!?"


@dataclass(frozen=True)
class StoryLook:
    """Words that each prompt of a storyboard is given.

    Attributes:
        style: the look; "" leaves it to each prompt.
        same: a thing that looks the same wherever it is, "red house"; "" for none.
    """

    style: str = ""
    same: str = ""

    def of(self, prompt: str) -> str:
        """The prompt with both; other looks that it names give way."""
        text = _with_thing(prompt, self.same) if self.same else prompt
        if not self.style:
            return text
        kept = [text[one.start : one.end] for one in chunks(text) if not _is_look(one.key)]
        return ", ".join((*kept, self.style))


def _with_thing(prompt: str, thing: str) -> str:
    """The prompt with a thing in full: where its noun stands alone, else at the end."""
    named, found = [one.key for one in words(thing)], words(prompt)
    *described, noun = named
    places = [place for place, one in enumerate(found) if one.key == noun]
    for place in places:
        if [one.key for one in found[max(0, place - len(described)) : place]] == described:
            return prompt
    bare = next((found[place] for place in places if place == 0 or found[place - 1].small), None)
    if bare is None:
        return f"{prompt.rstrip(_FULL_STOPS)}, {thing}"
    return prompt[: bare.start] + thing + prompt[bare.end :]


def _is_look(chunk: str) -> bool:
    return any(look in chunk for look in LOOKS)
