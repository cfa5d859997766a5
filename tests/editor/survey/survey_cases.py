"""Small surveys for tests."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from editor.formats import save_image
from editor.model.image import Image


def answers_file(folder: Path, models: tuple[str, ...] = ("plain", "tags"), cases: int = 3) -> Path:
    """A list of pictures that models made of some concepts, 12 × 8 pixels each."""
    lines = []
    for case in range(cases):
        for number, model in enumerate(models):
            name = f"{model}-{case}.png"
            pixels = np.full((8, 12, 3), 20 * case + 90 * number, np.uint8)
            save_image(Image.from_array(pixels), folder / name)
            lines.append({"model": model, "text": f"a castle </script> {case}", "picture": name})
    file = folder / "answers.jsonl"
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return file


def ratings_file(folder: Path, rows: list[str], name: str = "ratings.csv") -> Path:
    """A file of ratings with the columns of systems.md §8.1."""
    file = folder / name
    file.write_text("\n".join(["rater,item,question,score,order,t,field", *rows]) + "\n", "utf-8")
    return file
