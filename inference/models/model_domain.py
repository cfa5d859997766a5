"""The world a model knows: a model may say that it was shown one kind of picture only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from editor.model.image import Image
from inference.models.discovery import FoundModel
from inference.request.analysis import Domain

WORLD_FILE: Final = "world.json"
"""Beside a model's config: ``{"world": "storybook"}``."""

STORYBOOK: Final = "storybook"
_LARGEST: Final = 4096
_SIDE: Final = 512


def world_of(folder: Path) -> str:
    """The only world the model in a folder knows, "" where it says nothing."""
    file = folder / WORLD_FILE
    try:
        if file.stat().st_size > _LARGEST:
            return ""
        values = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return ""
    world = values.get("world") if isinstance(values, dict) else None
    return world if isinstance(world, str) else ""


def knows_storybook_only(model: FoundModel | None) -> bool:
    """True for the starter models, wherever they lie."""
    return model is not None and world_of(model.folder) == STORYBOOK


def say_world(folder: Path, world: str = STORYBOOK) -> None:
    """Leave word in a model's folder."""
    text = json.dumps({"world": world}) + "\n"
    (folder / WORLD_FILE).write_text(text, encoding="utf-8")


def storybook_domain(picture: Image) -> Domain:
    """Whether a picture is a storybook scene."""
    from editor.formats import thumbnail
    from inference.starter.picture_domain import storybook

    verdict = storybook(thumbnail(picture, _SIDE)[:, :, :3])
    return Domain(verdict.fits, verdict.score)
