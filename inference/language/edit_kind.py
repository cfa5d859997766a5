"""What kind of edit some words ask for, as far as single words say it."""

from __future__ import annotations

import re
from typing import Final, Literal

from editor.tone import asks_recolour, names_scene
from inference.language.verbs import ADDING, REMOVING

EditKindName = Literal["add", "remove", "recolour", "scene", "replace", ""]

KINDS: Final[tuple[EditKindName, ...]] = ("add", "remove", "recolour", "scene", "replace")
"""Put a thing there, take one away, give one another colour, another light, weather, season or
style, another thing in the place of one."""

_REPLACING: Final = re.compile(
    r"\b(?:replace|swap|exchange|turn|change|become|into|instead of)\b", re.IGNORECASE
)


def edit_kind(text: str) -> EditKindName:
    """The first of `KINDS` that the words name, "" where they name none."""
    if REMOVING.search(text):
        return "remove"
    if ADDING.search(text):
        return "add"
    if asks_recolour(text):
        return "recolour"
    if names_scene(text):
        return "scene"
    return "replace" if _REPLACING.search(text) else ""
