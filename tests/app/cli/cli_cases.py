"""Running the command line, in this process and in its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np

from editor.formats import save_image
from editor.model.image import Image

ROOT = Path(__file__).resolve().parents[3]


def picture(folder: Path, name: str = "in.png", width: int = 300, height: int = 200,
            dtype: str = "uint8") -> Path:  # fmt: skip
    top = np.iinfo(np.dtype(dtype)).max
    rng = np.random.default_rng(5)
    ramp = np.linspace(0.2, 0.8, width)[None, :, None] * np.array([1.0, 0.85, 0.7])
    values = np.clip(ramp + rng.normal(0, 0.02, (height, width, 3)), 0, 1)
    folder.mkdir(parents=True, exist_ok=True)
    save_image(Image.from_array((values * top).astype(dtype)), folder / name)
    return folder / name


def mask(folder: Path, width: int = 300, height: int = 200) -> Path:
    pixels = np.zeros((height, width), np.uint8)
    pixels[50:150, 80:200] = 255
    pixels[50:60, 80:200] = 128
    save_image(Image.from_array(pixels), folder / "mask.png")
    return folder / "mask.png"


def program(*words: str, env: dict[str, str] | None = None, **options: Any
            ) -> subprocess.CompletedProcess[str]:  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


Run = Callable[..., tuple[int, dict[str, Any]]]
"""Runs a command with `--json` in this process: exit code and values."""


def in_process(capsys: Any) -> Run:
    """Runs a command with --json here and gives exit code and values."""
    from app.cli.commands import main

    def run(*words: object) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = main([*map(str, words), "--json"])
        out = capsys.readouterr().out
        values = json.loads(out)
        return code, values

    return run


def check(name: str, values: Any) -> None:
    """Validate against `resources/schemas/NAME.json`."""
    text = (resources.files("resources") / "schemas" / f"{name}.json").read_text("utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(values, schema, jsonschema.Draft202012Validator)
