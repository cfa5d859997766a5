"""Carries out every sentence of the gallery and keeps the first-ranked result at full size."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image as Pillow

from editor.errors import ExpectedError
from editor.formats.load import open_image
from editor.model.image import Image, Pixels
from inference.lab.evaluation.gallery.asks import Ask
from inference.lab.evaluation.starter.attributes import change_made, judged, rest_unchanged
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.models import SIDE

RESULTS: Final = "gallery.json"


@dataclass(frozen=True)
class FirstResult:
    """What the program shows first for a sentence.

    Attributes:
        pixels: (H, W, 3) uint8 sRGB at the sample's size; None where the sentence was refused.
        method: that made it.
        read_as: how the program said it read the words.
        reason: why it stands first; the refusal where there is no picture.
        seconds: from the words to four ranked results.
    """

    pixels: Pixels | None
    method: str
    read_as: str
    reason: str
    seconds: float


Editor = Callable[[Image, str], FirstResult]
"""Carries out a sentence the program's own way: no method named, four candidates, ranked."""


@dataclass(frozen=True)
class Shown:
    """One sentence of the gallery with its answer, as `RESULTS` lists it.

    Attributes:
        file: of the result in the gallery's folder, empty where the sentence was refused.
    """

    ask: Ask
    file: str
    result: FirstResult

    def row(self) -> dict[str, Any]:
        """As JSON values."""
        made = self.result
        return {
            "sample": self.ask.sample,
            "ask": self.ask.text,
            "kind": self.ask.kind,
            "file": self.file,
            "method": made.method,
            "read_as": made.read_as,
            "reason": made.reason,
            "seconds": round(made.seconds, 3),
        }


def sample_image(name: str) -> Image:
    """A sample by its file name."""
    return open_image(Path(str(files("resources") / "samples" / name))).image


def make_gallery(asks: Sequence[Ask], edit: Editor, folder: Path) -> Iterator[Shown]:
    """Write one PNG for each sentence and, after the last, `RESULTS`.

    Args:
        asks: in the order in which they are shown.
        edit: the program.
        folder: made if it is not there.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for number, ask in enumerate(asks, 1):
        try:
            made = edit(sample_image(ask.sample), ask.text)
        except ExpectedError as error:  # a refused sentence is an answer too, and counts as one
            made = FirstResult(None, "", "", f"{error.message} {error.fix}", 0.0)
        shown = Shown(ask, _saved(folder, number, ask, made), made)
        rows.append(shown.row())
        yield replace(shown, result=made)
    text = json.dumps(rows, indent=1, ensure_ascii=False)
    (folder / RESULTS).write_text(text + "\n", "utf-8")


def _saved(folder: Path, number: int, ask: Ask, made: FirstResult) -> str:
    if made.pixels is None:
        return ""
    name = f"{number:03d}-{Path(ask.sample).stem.removeprefix('storybook-')}-{ask.kind}.png"
    Pillow.fromarray(made.pixels).save(folder / name)
    return name


def figures(shown: Sequence[Shown], judge: Any) -> Findings:
    """Rows ``gallery.<measure>`` and ``gallery.<kind>.<measure>``.

    ``answered`` is the share of sentences with a picture, ``asked`` and ``kept`` what the judge
    reads in the pictures at its own size, a refused sentence being neither; ``seconds`` the time.
    """
    found = Findings()
    for one in shown:
        pixels, edit = one.result.pixels, one.ask.edit()
        read = judged(judge, _at_judges_size(pixels)[None])[0] if pixels is not None else {}
        held = rest_unchanged(edit, read)
        for name in ("gallery", f"gallery.{one.ask.kind}"):
            found.share(f"{name}.answered", pixels is not None)
            found.share(f"{name}.asked", change_made(edit, read))
            found.value(f"{name}.kept", sum(held) / len(held))
        if pixels is not None:
            found.value("gallery.seconds", one.result.seconds)
    return found


def _at_judges_size(pixels: Pixels) -> Pixels:
    small = Pillow.fromarray(pixels).resize((SIDE, SIDE), Pillow.Resampling.BOX)
    return np.asarray(small)
