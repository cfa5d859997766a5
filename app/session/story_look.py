"""What all pictures of a storyboard have in common: a look, and a thing that stays the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.i18n.texts import N_
from editor.model.prompt_edit.prompt_tokens import PromptToken, chunks, words

LOOKS: Final = (
    N_("flat illustration"), N_("watercolour"), N_("pencil drawing"), N_("pixel art"),
)  # fmt: skip
"""Looks that can be chosen; the starter models know no others."""

_LOOK_WORDS: Final = frozenset(
    {"aquarelle", "art", "cartoon", "coloured", "colored", "comic", "digital", "drawing", "flat"}
    | {"gouache", "illustration", "ink", "oil", "painting", "pencil", "photo", "photograph"}
    | {"picture", "pixel", "render", "sketch", "style", "watercolor", "watercolour"}
)
"""A part of a prompt that says nothing besides these is a look."""

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
        """The prompt with both; parts after a comma that name a look alone give way."""
        text = _with_thing(prompt, self.same) if self.same else prompt
        if not self.style:
            return text
        first, *others = chunks(text) or (PromptToken("", 0, 0),)
        kept = (first, *(one for one in others if not _is_look(one)))
        return ", ".join((*(text[one.start : one.end] for one in kept), self.style))


def _with_thing(prompt: str, thing: str) -> str:
    """The prompt with a thing in full: where its noun stands alone, else at the end."""
    named, found = [one.key for one in words(thing)], words(prompt)
    *described, noun = named
    places = [place for place, one in enumerate(found) if one.key == noun]
    for place in places:
        if [one.key for one in found[max(0, place - len(described)) : place]] == described:
            return prompt
    bare = next((place for place in places if place == 0 or found[place - 1].small), None)
    if bare is None:
        return f"{prompt.rstrip(_FULL_STOPS)}, {thing}"
    start = found[bare].start
    if bare and found[bare - 1].key in ("a", "an"):
        before = found[bare - 1]
        article = prompt[before.start] + ("n" if named[0][0] in "aeiou" else "")
        prompt = prompt[: before.start] + article + prompt[before.end :]
        start += len(article) - (before.end - before.start)
    return prompt[:start] + thing + prompt[start + found[bare].end - found[bare].start :]


def _is_look(chunk: PromptToken) -> bool:
    found = words(chunk.key)
    named = [one.key in _LOOK_WORDS for one in found if not one.small]
    return bool(named) and all(named)
