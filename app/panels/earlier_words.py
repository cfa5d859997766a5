from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # sqlite, zstandard and the codecs are loaded with the first document
    from editor.storage.document import Document


class EarlierWords:
    """Instructions that were run, walked with Alt+Up and Alt+Down like a shell's history.

    Beyond the newest stands what was typed and not run yet.
    """

    def __init__(self, words: Sequence[str] = ()) -> None:
        self._words = list(words)
        self._place = len(self._words)
        self._typed = ""

    def add(self, text: str) -> None:
        """Text was run; the walk begins at the newest again."""
        if not self._words or self._words[-1] != text:
            self._words.append(text)
        self._place = len(self._words)

    def step(self, step: int, typed: str) -> str:
        """The text one step earlier (−1) or later (+1); ``typed`` is the text in the box."""
        if self._place == len(self._words):
            self._typed = typed
        self._place = min(max(self._place + step, 0), len(self._words))
        return self._typed if self._place == len(self._words) else self._words[self._place]


def words_on_the_way(document: Document) -> list[str]:
    """Instructions from the first idea to the current one, oldest first."""
    history = document.history
    if history.head is None:
        return []
    nodes = [history.nodes[node_id] for node_id in history.path(history.head)]
    return [n.candidates[0].request.instruction.text for n in nodes if n.candidates]
