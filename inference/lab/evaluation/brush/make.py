"""Storybook-Brush: sessions of gold edits in the layout of MagicBrush."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from PIL import Image as Pillow

from inference.lab.evaluation.brush.layout import GLOBAL, IMAGES, LOCAL, SESSIONS
from inference.lab.storybook.edits import Edit, edit_of, gold
from inference.lab.storybook.instructions import instruct
from inference.lab.storybook.new_folder import new_folder
from inference.starter.captions import (
    COLOUR_WORDS,
    GROUND_WORDS,
    PLACE_WORDS,
    SECOND_WORDS,
    SUBJECT_WORDS,
    article,
    canonical,
)
from inference.starter.scene import Scene, sample_scene

SESSION_COUNT: Final = 535
"""Sessions of MagicBrush's test split; with `turn_count` they have 1,053 turns, as there."""

LOCAL_KINDS: Final = ("replace", "recolour", "add", "remove")
"""Edits of a part. MagicBrush has no edits of a whole picture either."""

# Training draws from (seed, index); another length and a number of its own keep the streams apart.
_STREAM: Final = 0xB805
_LONG_AGAIN: Final = 33
_TRIES: Final = 8


def turn_count(session: int) -> int:
    """Turns of a session: 1, 2 and 3 by turns, but 2 at the end of every 33rd.

    So the first 535 sessions have 1,053 turns.
    """
    return 2 if session % _LONG_AGAIN == _LONG_AGAIN - 1 else session % 3 + 1


@dataclass(frozen=True)
class PhrasedEdit:
    """An edit and the words that ask for it."""

    edit: Edit
    instruction: str


def brush_session(index: int, seed: int) -> tuple[PhrasedEdit, ...]:
    """The edits of a session, each of the scene that the one before left.

    No attribute is changed twice, so the last picture shows what all turns asked for. A session
    depends on its number and the seed only.
    """
    rng = np.random.default_rng((_STREAM, seed, index, 0))
    while True:
        edits = _chain(rng, sample_scene(rng), turn_count(index), first_kind=index)
        if edits is not None:
            return tuple(PhrasedEdit(edit, instruct(edit, rng).text) for edit in edits)


def _chain(
    rng: np.random.Generator, scene: Scene, turns: int, *, first_kind: int
) -> list[Edit] | None:
    """Edits of one another, the kinds in turn; None where the scene allows too few."""
    edits: list[Edit] = []
    for turn in range(turns):
        taken = {edit.attribute for edit in edits}
        kinds = [LOCAL_KINDS[(first_kind + turn + i) % len(LOCAL_KINDS)] for i in range(4)]
        edit = next((e for kind in kinds if (e := _new_edit(rng, scene, kind, taken))), None)
        if edit is None:
            return None
        edits.append(edit)
        scene = edit.target
    return edits


def _new_edit(rng: np.random.Generator, scene: Scene, kind: str, taken: set[str]) -> Edit | None:
    found = (edit_of(scene, rng, kind) for _ in range(_TRIES))
    return next((edit for edit in found if edit and edit.attribute not in taken), None)


def local_caption(edit: Edit) -> str:
    """What the edited place shows afterwards; of something removed, the place itself."""
    scene = edit.target
    if edit.attribute in ("subject", "colour"):
        return article(f"{COLOUR_WORDS[scene.colour][0]} {SUBJECT_WORDS[scene.subject][0]}")
    if edit.attribute == "ground" and scene.ground != "bare":
        return GROUND_WORDS[scene.ground][0]
    if edit.attribute != "ground" and scene.second != "none":
        return article(f"{COLOUR_WORDS[scene.second_colour][0]} {SECOND_WORDS[scene.second][0]}")
    return PLACE_WORDS[scene.place][0]


def write_brush(
    directory: Path,
    sessions: int = SESSION_COUNT,
    seed: int = 0,
    size: int = 128,
    on_session: Callable[[int, int], None] = lambda done, total: None,
) -> Path:
    """Write sessions with gold pictures, masks and captions; the folder appears whole or not.

    A mask is the picture before, transparent where the edit may change something, as in MagicBrush.

    Args:
        directory: a new or empty folder.
        sessions: how many; a larger number adds to the same first ones.
        seed: what scenes, edits and words are drawn from.
        size: side of the pictures in pixels, 32 to 2048.
        on_session: called with how many are written, and how many there are.

    Returns:
        The folder.

    Raises:
        FileExistsError: the folder has something in it already.
        ValueError: sessions, seed or size are out of range.
    """
    if sessions < 1 or seed < 0 or not 32 <= size <= 2048:
        raise ValueError("at least one session, a seed of 0 or more, 32 to 2048 px")
    listed: dict[str, Any] = {}
    whole: dict[str, Any] = {}
    local: dict[str, Any] = {}
    with new_folder(directory) as draft:
        for index in range(sessions):
            name = f"{index:05d}"
            edits = brush_session(index, seed)
            listed[name] = _write_session(draft / IMAGES / name, name, edits, size)
            outputs = [one["output"] for one in listed[name]]
            scenes = [edits[0].edit.source, *(one.edit.target for one in edits)]
            files = [f"{name}-input.png", *outputs]
            whole[name] = dict(zip(files, map(canonical, scenes), strict=True))
            local[name] = {
                file: local_caption(one.edit) for file, one in zip(outputs, edits, strict=True)
            }
            on_session(index + 1, sessions)
        for file, content in ((SESSIONS, listed), (GLOBAL, whole), (LOCAL, local)):
            (draft / file).write_text(json.dumps(content, indent=1), "utf-8")
    return directory


def _write_session(
    folder: Path, name: str, edits: tuple[PhrasedEdit, ...], size: int
) -> list[dict[str, str]]:
    folder.mkdir(parents=True)
    source = f"{name}-input.png"
    turns = []
    for number, one in enumerate(edits, 1):
        pixels = gold(one.edit, size)
        if number == 1:
            Pillow.fromarray(pixels.source).save(folder / source)
        mask, target = f"{name}-mask{number}.png", f"{name}-output{number}.png"
        seen = np.dstack([pixels.source, 255 - pixels.mask])
        Pillow.fromarray(seen).save(folder / mask)
        Pillow.fromarray(pixels.target).save(folder / target)
        turns.append(
            {"input": source, "mask": mask, "output": target, "instruction": one.instruction}
        )
        source = target
    return turns
