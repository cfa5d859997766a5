"""The sentences of the gallery (``tests/data/gallery.jsonl``), fixed before any training."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from editor.errors import ExpectedError
from inference.lab.storybook.edits import Edit
from inference.lab.storybook.samples import SAMPLES

ASKS = Path(__file__).resolve().parents[4] / "tests" / "data" / "gallery.jsonl"
"""The sentences of a checkout; an installed program has none."""


class NoAsks(ExpectedError):
    """The file of sentences is not there, or is no such file."""

    kind = "no_asks"


@dataclass(frozen=True)
class Ask:
    """One sentence about one sample.

    Attributes:
        sample: file name of the sample.
        text: what is asked for, in people's own words.
        after: attributes of the scene that answer it, by name (`Scene`).
        kind: kind of edit (`EDIT_KINDS`).
    """

    sample: str
    text: str
    after: Mapping[str, str] = field(hash=False)
    kind: str

    def edit(self) -> Edit:
        """The same request as an edit of the sample's scene."""
        scene = next(s for name, _, _, s in SAMPLES if f"storybook-{name}.png" == self.sample)
        return Edit(self.kind, next(iter(self.after)), scene, scene.with_(**self.after))


def read_asks(path: Path = ASKS) -> list[Ask]:
    """The sentences in the order of the file.

    Raises:
        NoAsks: there is no such file, or a line of it is not a sentence about a sample.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except OSError as error:
        raise NoAsks(f"{path.name} cannot be read.", "Run this in a checkout.") from error
    asks = []
    for number, line in enumerate(lines, 1):
        try:
            row: dict[str, Any] = json.loads(line)
            ask = Ask(row["sample"], row["ask"], row["after"], row["kind"])
            ask.edit()
        except (ValueError, LookupError, TypeError, StopIteration) as error:
            raise NoAsks(
                f"Line {number} of {path.name} is not a sentence about a sample.",
                "See tests/data/README.md.",
            ) from error
        asks.append(ask)
    return asks
