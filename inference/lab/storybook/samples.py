"""The samples the program opens with: scenes composed by hand, rendered large.

``python -m inference.lab.storybook.samples resources/samples`` draws them again.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Final

from PIL import Image

from inference.lab.storybook.render import render
from inference.starter.captions import canonical
from inference.starter.scene import Scene

# File name part, title, the caption a person would write, the scene. The first one opens first.
SAMPLES: Final[tuple[tuple[str, str, str, Scene], ...]] = (
    (
        "house",
        "Little red house",
        "a little red house beside a green apple tree, a sunny day",
        Scene(second="apple tree", second_colour="green", ground="fence", weather="cloudy", seed=8),
    ),
    (
        "lighthouse",
        "The lamp is lit",
        "a blue lighthouse by the sea at night",
        Scene("lighthouse", "blue", place="seaside", light="night", ground="path", seed=7),
    ),
    (
        "castle",
        "Evening at the castle",
        "a pink castle with a blue flag in a meadow, at sunset",
        Scene("castle", "pink", "flag", "blue", "path", light="sunset", seed=11),
    ),
    (
        "cat",
        "Mushroom season",
        "an orange cat next to a red mushroom in a forest, autumn",
        Scene("cat", "orange", "mushroom", "red", "flowers", "forest", season="autumn", seed=5),
    ),
    (
        "windmill",
        "Fair wind",
        "a yellow windmill with flowers in a meadow, spring, watercolour",
        Scene(
            "windmill",
            "yellow",
            ground="flowers",
            weather="cloudy",
            season="spring",
            style="watercolour",
            seed=13,
        ),
    ),
    (
        "balloon",
        "Over the mountains",
        "a red hot air balloon in the mountains, spring",
        Scene("balloon", "red", place="mountains", season="spring", ground="flowers", seed=4),
    ),
    (
        "winter",
        "A warm window",
        "a yellow house beside a green apple tree, a winter night, snow is falling",
        Scene(
            "house",
            "yellow",
            "apple tree",
            "green",
            "fence",
            "forest",
            "night",
            "snow",
            "winter",
            seed=16,
        ),
    ),
    (
        "boat",
        "Home before dark",
        "a blue boat at the seaside, at sunset, pixel art",
        Scene("boat", "blue", place="seaside", light="sunset", style="pixel art", seed=17),
    ),
    (
        "car",
        "A long way home",
        "a green car with an orange umbrella in the desert, big clouds, pencil drawing",
        Scene(
            "car",
            "green",
            "umbrella",
            "orange",
            "path",
            "desert",
            weather="cloudy",
            style="pencil",
            seed=6,
        ),
    ),
    (
        "swan",
        "The purple swan",
        "a purple swan with a yellow ball in the mountains, at dusk",
        Scene("swan", "purple", "ball", "yellow", "flowers", "mountains", "sunset", seed=20),
    ),
)


def _picture(scene: Scene, size: int) -> Image.Image:
    """The picture of a sample; the grainy styles in few colours, for half the size."""
    image = Image.fromarray(render(scene, size))
    if scene.style == "watercolour":
        return image.quantize(224, method=Image.Quantize.MEDIANCUT).convert("RGB")
    if scene.style == "pencil":
        return image.quantize(160, method=Image.Quantize.MAXCOVERAGE).convert("RGB")
    return image


def write_samples(folder: Path, size: int = 768) -> None:
    """Render all samples as ``storybook-*.png`` with their ``storybook.json`` into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, title, caption, scene in SAMPLES:
        file = f"storybook-{name}.png"
        _picture(scene, size).save(folder / file, optimize=True)
        rows.append(
            {
                "file": file,
                "title": title,
                "caption": caption,
                "full_caption": canonical(scene),
                "attributes": scene.attributes(),
            }
        )
    text = json.dumps(rows, indent=2, ensure_ascii=False) + "\n"
    (folder / "storybook.json").write_text(text, encoding="utf-8")


def main() -> int:
    """The command line: draws all samples into a folder; returns the exit code."""
    parser = argparse.ArgumentParser(description="Draw the samples of the starter models' world.")
    parser.add_argument("folder", type=Path)
    write_samples(parser.parse_args().folder)
    return 0


if __name__ == "__main__":
    from inference.lab.tool import run_tool

    run_tool(main)
