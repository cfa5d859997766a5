"""Sentences that the program can carry out and sentences that it cannot."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from editor.errors import ExpectedError

SENTENCES: Final = Path(__file__).resolve().parents[3] / "tests" / "data" / "word_confidence.jsonl"
"""Those of a checkout (`tests/data/README.md`); an installation has none."""

OUTSIDE: Final = "outside"
"""In place of a sample's name: a picture that the starter models do not know."""

Part = Literal["calibration", "held-out"]


class NoSentences(ExpectedError):
    """The file of sentences is not there, or is no such file."""

    kind = "no_sentences"


@dataclass(frozen=True)
class SentenceCase:
    """One sentence about one picture.

    Attributes:
        picture: file name of the sample, or `OUTSIDE`.
        text: what was typed.
        known: it can be carried out, and is to be.
        group: "tone" or "repaint", else why it cannot be carried out.
        after: what must change, by attribute of the storybook; empty but for "repaint".
        part: what it is for.
    """

    picture: str
    text: str
    known: bool
    group: str
    part: Part
    after: Mapping[str, str] = field(default_factory=dict, hash=False)


def read_sentences(path: Path = SENTENCES) -> list[SentenceCase]:
    """The sentences in the order of the file.

    Raises:
        NoSentences: there is no such file, or a line of it is no sentence.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise NoSentences(f"{path.name} cannot be read.", "Run this in a checkout.") from error
    found = []
    for number, line in enumerate(lines, 1):
        try:
            row: dict[str, Any] = json.loads(line)
            found.append(
                SentenceCase(
                    row["picture"],
                    row["text"],
                    row["kind"] == "known",
                    row["group"],
                    row["part"],
                    row.get("after", {}),
                )
            )
        except (ValueError, LookupError, TypeError) as error:
            raise NoSentences(
                f"Line {number} of {path.name} is no sentence.", "See tests/data/README.md."
            ) from error
    return found
