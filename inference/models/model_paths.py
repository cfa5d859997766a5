"""`extra_model_paths.yaml`: where ComfyUI is told that models of other programs lie."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from editor.messages import Message
from inference.models.found_model import Refused
from inference.models.model_folder import CONFIG_BYTES, check_regular

MODEL_PATHS: Final = "extra_model_paths.yaml"

_SEARCHED: Final = frozenset(
    {
        "checkpoints", "diffusion_models", "unet", "vae", "loras", "embeddings", "upscale_models",
        "clip", "text_encoders", "diffusers",
    }
)  # fmt: skip
"""Keys whose folders may hold something that is used here; "custom_nodes" is code."""


def named_folders(file: Path) -> Iterator[Path]:
    """The folders that the file names, each once, in its order.

    A section (``a111:``, ``comfyui:``) has a ``base_path`` and, by kind, one folder or several, one
    a line. Paths are relative to the base, and the base to the file.

    Args:
        file: ComfyUI's, or one in its form.

    Raises:
        Refused: it is damaged or too large.
        OSError: it cannot be read.
    """
    check_regular(file)
    if file.stat().st_size > CONFIG_BYTES:
        raise Refused(Message("model.file_too_large", file=file.name), Message("do.correct_file"))
    try:
        sections = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, ValueError, RecursionError):
        raise Refused(
            Message("model.file_damaged", file=file.name), Message("do.correct_file")
        ) from None
    if not isinstance(sections, Mapping):
        return
    folders = (
        folder
        for section in sections.values()
        if isinstance(section, Mapping)
        for folder in _in_section(section, file.parent)
    )
    yield from dict.fromkeys(folders)


def _in_section(section: Mapping[Any, Any], beside: Path) -> Iterator[Path]:
    base = beside / _expanded(str(section.get("base_path") or ""))
    for kind, value in section.items():
        if kind in _SEARCHED and isinstance(value, str):
            lines = (line.strip() for line in value.splitlines())
            yield from (base / _expanded(line) for line in lines if line)


def _expanded(path: str) -> str:
    """Without "~" and variables of the environment, as ComfyUI reads it."""
    return os.path.expandvars(os.path.expanduser(path))  # noqa: PTH111 (a name, not yet a path)
