"""Stable names for what differs from run to run: ids, keys, digests, paths, times."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_HEX = re.compile(r"\b[0-9a-f]{12,64}\b")
_RULES = (
    (re.compile(r"\b\d\d:\d\d\b"), "<clock>"),
    (re.compile(r"\b\d\d\.\d\d\.(?!\d)"), "<clock>"),
    (re.compile(r"\b\d+(?:[.,]\d)? s\b"), "<n> s"),
    (re.compile(r"Fit, [\d.,]+ %"), "Fit, <n> %"),
    (re.compile(r"about \d+ s left"), "about <n> s left"),
    (re.compile(r"^Pentimento \d+(\.\d+)*$"), "Pentimento <version>"),
    (re.compile(r"\b[\d.,]+ [kMG]B (memory|free)\b"), r"<n> GB \1"),
    (re.compile(r"\b\d+ MB\b"), "<n> MB"),
)
_FIGURES = re.compile(r"[^.]* of 100\.")
_ROUND = {"50 %", "100 %", "200 %", "400 %", "800 %"}


class Names:
    """Gives each id, key and path a name the first time it is seen."""

    def __init__(self, folder: Path, program: Path) -> None:
        """Args: `folder` holds the session's files, `program` the checkout."""
        self._places = ((folder, "<folder>"), (program, "<program>"), (Path.home(), "<home>"))
        self._known: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def name(self, kind: str, value: str) -> str:
        """The name of an id: `node-1`, `key-3`; the same for the same id."""
        if not value:
            return ""
        if value not in self._known:
            number = self._counts.get(kind, 0) + 1
            self._counts[kind] = number
            self._known[value] = f"{kind}-{number}"
        return self._known[value]

    def text(self, text: str) -> str:
        """A text without what differs from run to run."""
        for value, name in self._known.items():
            if value in text:
                text = text.replace(value, name)
        for place, name in self._places:
            text = text.replace(str(place), name)
        text = _HEX.sub("<digest>", text)
        for pattern, plain in _RULES:
            text = pattern.sub(plain, text)
        return text

    def json(self, value: Any) -> Any:
        """The same for every text inside a value."""
        if isinstance(value, str):
            return self.text(value)
        return [self.json(one) for one in value] if isinstance(value, list) else value

    def zoom(self, text: str) -> str:
        """A zoom that follows from the window's size is no round figure."""
        return text if text in _ROUND else re.sub(r"[\d.,]+ %", "<n> %", text)

    def facts(self, facts: dict[str, Any]) -> dict[str, Any]:
        """The probe's facts in stable names; where the picture lies on the screen is left out."""
        made = {k: v for k, v in facts.items() if k != "picture"}
        made["document"] = self.name("document", facts["document"])
        made["head"] = self.name("node", facts["head"] or "")
        for name in ("looked_at", "compared", "painting"):
            made[name] = self.name("key", facts[name] or "")
        made["image"] = self.name("image", facts["image"])
        made["results"] = [self.name("key", key) for key in facts["results"]]
        made["suggestions"] = [self.text(text) for text in facts["suggestions"]]
        made["message"] = self.text(facts["message"])
        return made


def without_figures(text: str) -> str:
    """What a card says, without the figures of its bars."""
    return _FIGURES.sub("", text)
