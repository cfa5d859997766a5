"""Characters without meaning, which change nothing: emoji, marks of direction, wide letters."""

from __future__ import annotations

import unicodedata
from typing import Final

_KEPT: Final = frozenset("°½¼¾´")
"""Signs that mean something, although they are of a kind that does not."""

_SILENT: Final = ("Cf", "Co", "Cn", "Me", "So", "Sk")
"""Formatting (zero width, direction), private and unassigned, enclosing marks, pictures."""


def meaningful(text: str) -> str:
    """The text without such characters, its spaces single.

    Wide and otherwise compatible forms of letters become plain ones (Unicode form NFKC).
    """
    found = []
    for character in text:
        if character in _KEPT:
            found.append(character)
            continue
        kind = unicodedata.category(character)
        if kind == "Mn" and "VARIATION SELECTOR" in unicodedata.name(character, ""):
            continue
        if kind in ("So", "Sk"):
            found.append(" ")  # "warmer🌅brighter" are two words
        elif kind not in _SILENT:
            found.append(unicodedata.normalize("NFKC", character))
    return " ".join(unicodedata.normalize("NFC", "".join(found)).split())
