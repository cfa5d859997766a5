"""InstructPE records in the words of the storybook, by its grammar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.storybook.edits import Edit, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical
from inference.starter.scene import HELD_OUT_PLACE, HELD_OUT_STYLE, Scene

ORIGIN: Final = "storybook grammar (this program, Apache-2.0)"
_TAIL: Final = ("light", "weather", "season", "view", "style")
"""What follows thing and place in a canonical caption, in its order."""


def storybook_records(count: int, seed: int, *, held_out: bool = False) -> Iterator[InstructPrompt]:
    """Records of random edits; the same count and seed give the same ones.

    The plain prompt names things and place, and what the edit changes; the beautified one is the
    canonical caption, which names everything.

    Args:
        count: how many.
        seed: of the scenes.
        held_out: in the place or the style that no training shows, in turns.
    """
    for index in range(count):
        rng = np.random.default_rng([seed, int(held_out), index])
        edit = sample_edit(rng)
        if held_out:
            edit = _held_out(edit, place=index % 2 == 0 or edit.kind == "style")
        text = instruct(edit, rng).text
        yield InstructPrompt(
            plain_caption(edit.source, edit.attribute),
            text,
            canonical(edit.source),
            canonical(edit.target),
            plain_caption(edit.target, edit.attribute),
            ORIGIN,
        )


def plain_caption(scene: Scene, attribute: str) -> str:
    """Things and place of a scene, and one attribute more where it is none of theirs."""
    things, place, *tail = canonical(scene).split(", ")
    more = [tail[_TAIL.index(attribute)]] if attribute in _TAIL else []
    return ", ".join([f"{things} {place}", *more])


def _held_out(edit: Edit, *, place: bool) -> Edit:
    changes = {"place": HELD_OUT_PLACE} if place else {"style": HELD_OUT_STYLE}
    return replace(edit, source=edit.source.with_(**changes), target=edit.target.with_(**changes))
