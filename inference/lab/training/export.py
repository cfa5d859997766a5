"""Writing trained networks in their stock formats: half precision, safetensors, readable by all."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from torch import nn


def halved(network: nn.Module) -> nn.Module:
    """The network in float16, on the CPU; for writing, not for running."""
    network.cpu()
    # Not ``.half()``: diffusers logs a warning about it for every model.
    for value in (*network.parameters(), *network.buffers()):
        if value.is_floating_point():
            value.data = value.data.half()
    return network


def save_pretrained(network: Any, folder: Path) -> None:
    """``save_pretrained`` of diffusers and transformers in float16; the network ends up halved."""
    halved(network)
    network.save_pretrained(folder)
    run_in_float32(folder)


def run_in_float32(folder: Path) -> None:
    """Have transformers load models below ``folder`` as float32 unless asked otherwise.

    It loads in the type that ``config.json`` names, while diffusers loads float32: a pipeline
    whose text encoder was float16 fails at its first step on a CPU.
    """
    for path in folder.rglob("config.json"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace('"dtype": "float16"', '"dtype": "float32"'), encoding="utf-8")


_HERE: Final = ("_name_or_path", "is_local", "local_files_only")
"""Entries in which libraries note the folder a model was loaded from."""


def forget_places(folder: Path) -> None:
    """Remove the folders that models were loaded from out of all settings below ``folder``."""
    for path in folder.rglob("*.json"):
        config = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(config, dict) and any(name in config for name in _HERE):
            portable = {name: value for name, value in config.items() if name not in _HERE}
            path.write_text(json.dumps(portable, indent=2) + "\n", encoding="utf-8")


def readable(folder: Path) -> None:
    """Mode 644 for files and 755 for folders: safetensors are written 600."""
    folder.chmod(0o755)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def install(write: Callable[[Path], None], target: Path) -> None:
    """Let ``write`` fill a fresh folder beside ``target``, then put it in its place."""
    draft = target.with_name(f".{target.name}-draft")
    old = target.with_name(f".{target.name}-old")
    for leftover in (draft, old):
        shutil.rmtree(leftover, ignore_errors=True)
    draft.mkdir(parents=True)
    write(draft)
    forget_places(draft)
    readable(draft)
    if target.exists():
        target.rename(old)
    draft.rename(target)
    shutil.rmtree(old, ignore_errors=True)
