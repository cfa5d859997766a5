"""Leaves out texts with unwanted words, before anything is learnt from them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from editor.errors import ExpectedError


class BadWordFilter(ExpectedError):
    """The list of words cannot be read."""

    kind = "bad_word_filter"


class WordFilter:
    """Finds listed words and phrases as whole words, case-folded after Unicode NFKC."""

    def __init__(self, entries: Iterable[str]) -> None:
        """A filter of some entries; each is a word or a phrase."""
        patterns = [r"\s+".join(map(re.escape, _folded(one).split())) for one in entries]
        joined = "|".join(sorted((p for p in patterns if p), key=len, reverse=True))
        self._pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)") if joined else None

    @classmethod
    def read(cls, file: Path | None = None) -> WordFilter:
        """The filter of a file, one entry a line, "#" before remarks; None for the shipped one.

        Raises:
            BadWordFilter: the file cannot be read as UTF-8.
        """
        try:
            text = (
                (resources.files("resources") / "language" / "word_filter.txt").read_text("utf-8")
                if file is None
                else file.read_text("utf-8-sig")
            )
        except (OSError, ValueError) as error:
            raise BadWordFilter(f"{file} cannot be read.", "Give a UTF-8 text file.") from error
        lines = (line.strip() for line in text.splitlines())
        return cls(line for line in lines if line and not line.startswith("#"))

    def finds(self, text: str) -> str | None:
        """The first listed word of a text, folded; None where there is none."""
        match = self._pattern.search(_folded(text)) if self._pattern is not None else None
        return " ".join(match.group().split()) if match else None

    def kept(self, texts: Iterable[str]) -> tuple[list[str], int]:
        """The texts without listed words, and how many fell."""
        given = list(texts)
        kept = [text for text in given if self.finds(text) is None]
        return kept, len(given) - len(kept)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()
