"""A small folder in MagicBrush's layout: two sessions of noise, and results of another program."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from editor.model.image import Pixels

SESSIONS = {"242679": 2, "90": 1}
SIZE = (24, 36)


def picture(*seed: int, size: tuple[int, int] = SIZE) -> Pixels:
    """(h, w, 3) uint8: blocks of four pixels, so that resizing means something."""
    height, width = size
    blocks = np.random.default_rng(seed).integers(0, 256, (height // 4, width // 4, 3))
    return np.kron(blocks, np.ones((4, 4, 1))).astype(np.uint8)


def write(folder: Path) -> Path:
    """Inputs, targets, masks and captions below ``folder``."""
    listed: dict[str, list[dict[str, str]]] = {}
    whole: dict[str, dict[str, str]] = {}
    local: dict[str, dict[str, str]] = {}
    for number, (session, turns) in enumerate(SESSIONS.items()):
        place = folder / "images" / session
        place.mkdir(parents=True)
        source = f"{session}-input.png"
        Pillow.fromarray(picture(number, 0)).save(place / source)
        listed[session], whole[session], local[session] = [], {source: f"{session} before"}, {}
        for turn in range(1, turns + 1):
            target, mask = f"{session}-output{turn}.png", f"{session}-mask{turn}.png"
            Pillow.fromarray(picture(number, turn)).save(place / target)
            inside = np.zeros(SIZE, np.uint8)
            inside[:8, : 12 * turn] = 255
            seen = np.dstack([picture(number, turn - 1), 255 - inside])
            Pillow.fromarray(seen).save(place / mask)
            listed[session].append(
                {"input": source, "mask": mask, "output": target, "instruction": f"turn {turn}"}
            )
            whole[session][target] = f"{session} after {turn}"
            local[session][target] = f"thing {turn}"
            source = target
    for name, content in (
        ("edit_sessions.json", listed),
        ("global_descriptions.json", whole),
        ("local_descriptions.json", local),
    ):
        (folder / name).write_text(json.dumps(content), "utf-8")
    return folder


def write_generated(folder: Path) -> Path:
    """Results of single and of carried-on turns, larger than the targets."""
    for number, (session, turns) in enumerate(SESSIONS.items()):
        (folder / session).mkdir(parents=True)
        names = [f"{session}_1.png"]
        for turn in range(2, turns + 1):
            names += [f"{session}_inde_{turn}.png", f"{session}_iter_{turn}.png"]
        for place, name in enumerate(names):
            made = picture(number, place, 7, size=(32, 48))
            Pillow.fromarray(made).save(folder / session / name)
    return folder
