"""Storybook scenes as files, so that anyone can judge the models without our own evaluation."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image

from inference.lab.storybook.edits import EDIT_KINDS, gold, is_unseen_edit, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.lab.storybook.new_folder import new_folder
from inference.starter.captions import canonical


def write_storybook(directory: Path | str, count: int, seed: int = 0, size: int = 128) -> Path:
    """Write ``count`` scenes with their edits; the folder appears whole or not at all.

    Each scene gives ``NNNNN.png``, ``NNNNN-gold.png`` (RGB) and ``NNNNN-mask.png`` (grey, 255 where
    the edit may change something), and one line of ``scenes.jsonl``: ``id``, ``attributes``,
    ``caption``, ``instruction``, ``held_out_template``, ``edit_type``, ``edit_attribute``,
    ``gold_attributes``, ``gold_caption`` and ``split`` ("seen" or "unseen"). The kinds of edit
    take turns; scene i depends on seed and i only.

    Args:
        directory: a new or empty folder.
        count: number of scenes, 0 to 99,999.
        seed: what the scenes are drawn from.
        size: side of the pictures in pixels, 16 to 4096.

    Returns:
        The folder.

    Raises:
        FileExistsError: if the folder has something in it already.
        ValueError: if count or size are out of range.
    """
    if not 0 <= count <= 99_999:
        raise ValueError("count must lie between 0 and 99999")
    if not 16 <= size <= 4096:
        raise ValueError("size must lie between 16 and 4096 px")
    if seed < 0:
        raise ValueError("seed must not be negative")
    directory = Path(directory)
    with (
        new_folder(directory) as draft,
        (draft / "scenes.jsonl").open("w", encoding="utf-8") as lines,
    ):
        for i in range(count):
            lines.write(json.dumps(_write_one(draft, i, seed, size)) + "\n")
    return directory


def _write_one(folder: Path, i: int, seed: int, size: int) -> dict[str, object]:
    rng = np.random.default_rng((seed, i))
    edit = sample_edit(rng, EDIT_KINDS[i % len(EDIT_KINDS)], unseen=None)
    instruction = instruct(edit, rng, held_out=bool(rng.random() < 0.25))
    pixels = gold(edit, size)
    name = f"{i:05d}"
    Image.fromarray(pixels.source).save(folder / f"{name}.png")
    Image.fromarray(pixels.target).save(folder / f"{name}-gold.png")
    Image.fromarray(pixels.mask).save(folder / f"{name}-mask.png")
    return {
        "id": name,
        "attributes": edit.source.attributes(),
        "caption": canonical(edit.source),
        "instruction": instruction.text,
        "held_out_template": instruction.held_out,
        "edit_type": edit.kind,
        "edit_attribute": edit.attribute,
        "gold_attributes": edit.target.attributes(),
        "gold_caption": canonical(edit.target),
        "split": "unseen" if is_unseen_edit(edit) else "seen",
    }
