"""Texts that editing data begin with: a caption, an instruction, and the caption after it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from editor.errors import ExpectedError

HAND_WRITTEN: Final = Path(__file__).with_name("hand_written.jsonl")
"""Written for this project, about photographs and pictures of all kinds (Apache-2.0)."""

_END: Final = " .!?"


class BadTriples(ExpectedError):
    """A file holds no caption with instruction and edited caption."""

    kind = "bad_triples"


@dataclass(frozen=True)
class TextTriple:
    """One record, as InstructPix2Pix publishes them (Brooks et al. 2023, section 3.1).

    Attributes:
        caption: before the edit.
        edit: the instruction.
        output: the caption after the edit.
        url: of the picture that the caption was found with; "" without one.
    """

    caption: str
    edit: str
    output: str
    url: str = ""

    @property
    def changes(self) -> bool:
        """False where both captions are equal but for case and a last mark, as there."""
        return _plain(self.caption) != _plain(self.output)

    def to_json(self) -> dict[str, str]:
        """The record as it is written."""
        return {
            "caption": self.caption,
            "edit": self.edit,
            "output": self.output,
            "url": self.url,
        }

    @classmethod
    def from_json(cls, values: Any) -> TextTriple:
        """A record of ``caption`` or, where people wrote it, of ``input``.

        Raises:
            KeyError, TypeError, ValueError: it is none.
        """
        caption = values["caption"] if "caption" in values else values["input"]
        given = (caption, values["edit"], values["output"])
        before, edit, after = (" ".join(str(text).split()) for text in given)
        if not (before and edit and after):
            raise ValueError("an empty text")
        return cls(before, edit, after, str(values.get("url", "")))


def read_triples(file: Path) -> list[TextTriple]:
    """The records of a .jsonl file.

    Raises:
        BadTriples: it cannot be read, holds none, or one of them lacks a text.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
        found = [TextTriple.from_json(json.loads(line)) for line in lines if line.strip()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadTriples(
            f"{file.name} cannot be read.", 'Give a line of {"caption", "edit", "output"} each.'
        ) from error
    if not found:
        raise BadTriples(f"{file.name} holds no texts.", "Make some with make-edit-texts.")
    return found


def write_triples(triples: Iterable[TextTriple], file: Path) -> None:
    """One line of JSON each."""
    lines = [json.dumps(triple.to_json(), ensure_ascii=False) + "\n" for triple in triples]
    file.write_text("".join(lines), "utf-8")


@cache
def hand_written() -> tuple[TextTriple, ...]:
    """The records that people wrote for this project."""
    return tuple(read_triples(HAND_WRITTEN))


def _plain(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(_END)
