"""The house's promises about pixels, on real photographs at full size.

By default a few photographs; with PENTIMENTO_ACCEPTANCE=1 every one with twelve phrases.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageCms

from editor.formats import open_image, save_image
from editor.model.image import Image, Metadata
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from editor.render.composite import render
from editor.tone import read

ALL = os.environ.get("PENTIMENTO_ACCEPTANCE") == "1"
PHRASES = (
    "warmer, and lift the shadows a little",
    "black and white with more contrast",
    "a stop brighter",
    "make the blues deeper",
    "moody",
    "faded film with grain",
    "sharper",
    "blur it slightly",
    "teal and orange",
    "less saturation but more clarity",
    "bring the highlights down",
    "sepia",
)

COLOUR_ONLY = ("make the blues deeper",)
"""Nothing to do on a grey picture."""


def photographs(root: Path) -> list[Path]:
    found = [
        p
        for p in sorted((root / "photos").rglob("*"))
        if p.suffix.lower() in {".jpg", ".jpeg", ".png", ".tif", ".tiff"}
    ]
    return found if ALL else [p for p in found if p.stat().st_size < 400_000][:3]


def random_selection(rng: np.random.Generator, width: int, height: int) -> Selection:
    """An ellipse with a soft inner edge anywhere in the picture."""
    y, x = np.ogrid[:height, :width]
    cx, cy = rng.uniform(0.2, 0.8) * width, rng.uniform(0.2, 0.8) * height
    rx, ry = rng.uniform(0.05, 0.4) * width, rng.uniform(0.05, 0.4) * height
    inside = 1.0 - np.sqrt(((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2)
    return Selection.from_array(np.clip(inside * 4 * 255, 0, 255).astype(np.uint8))


def check(path: Path, phrase: str, rng: np.random.Generator) -> None:
    """One edit of one file: size, depth and profile stay, outside the selection every byte."""
    source = open_image(path).image
    selection = random_selection(rng, source.width, source.height)
    reading = read(phrase, has_selection=True, count=1)[0]
    patch = Patch(settings_of(reading.adjustments.to_settings()))
    made = render(source, patch, selection)
    assert (made.width, made.height) == (source.width, source.height)
    assert made.dtype == source.dtype
    assert made.meta.icc == source.meta.icc or source.channels < 3
    before, after = source.array(), made.array()
    if before.shape[2] < after.shape[2]:
        before = np.repeat(before[:, :, :1], after.shape[2], axis=2)
    outside = selection.array() == 0
    assert np.array_equal(before[outside], after[outside]), (path.name, phrase)
    if source.channels >= 3 or phrase not in COLOUR_ONLY:
        assert not np.array_equal(before, after), (path.name, phrase)


def test_size_depth_profile_kept_and_outside_byte_equal(shared_data: Path) -> None:
    rng = np.random.default_rng(7)
    checked = 0
    for path in photographs(shared_data):
        for phrase in PHRASES if ALL else PHRASES[:2]:
            check(path, phrase, rng)
            checked += 1
    assert checked >= (200 if ALL else 4)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_same_on_small_made_pictures(tmp_path: Path, channels: int, dtype: str) -> None:
    """The stand-in where there are no photographs: every layout, with a profile where it fits."""
    rng = np.random.default_rng(channels)
    top = np.iinfo(np.dtype(dtype)).max
    y, x = np.mgrid[:190, :260]
    ramps = np.stack([x / 260, y / 190, (x + y) / 450, np.ones_like(x)], axis=-1)[:, :, :channels]
    texture = rng.normal(0, 0.03, ramps.shape) * (np.arange(channels) < 3)
    pixels = (np.clip(0.1 + 0.7 * ramps + texture, 0, 1) * top).astype(dtype)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    meta = Metadata(icc=profile if channels >= 3 else None)
    path = tmp_path / "made.png"
    save_image(Image.from_array(pixels, meta), path)
    for phrase in PHRASES[:3]:
        check(path, phrase, rng)


def test_a_16_bit_ramp_keeps_its_levels_through_open_adjust_save(tmp_path: Path) -> None:
    ramp = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    first = tmp_path / "ramp.png"
    save_image(Image.from_array(np.repeat(ramp[:, :, None], 3, axis=2)), first)
    source = open_image(first).image
    made = render(source, Patch(settings_of({"exposure": 0.1, "contrast": 0.1})), None)
    second = tmp_path / "made.tif"
    save_image(made, second)
    again = open_image(second).image
    assert again.dtype == "uint16"
    assert len(np.unique(again.array()[:, :, 1])) > 60_000


MEMORY = """
import resource, sys, threading, time
from pathlib import Path
from app.__main__ import main
import editor.formats, editor.render.composite, editor.tone, cv2
import app.cli.edit, inference.workflow.engine
from editor.formats import open_image
open_image(Path(sys.argv[1])); open_image(Path(sys.argv[2]))
from inference.methods import adjust
def rss():
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()
main(["edit", sys.argv[1], "warmer", "-o", sys.argv[3] + "/small", "--count", "1"])
idle = rss(); peak = 0; done = False
def watch():
    global peak
    while not done:
        peak = max(peak, rss()); time.sleep(0.005)
t = threading.Thread(target=watch); t.start()
code = main(["edit", sys.argv[2], "warmer, and lift the shadows a little",
             "-o", sys.argv[3] + "/large", "--count", "2"])
done = True; t.join()
print(code, idle, peak)
"""


@pytest.mark.slow
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
def test_peak_memory_of_an_edit(tmp_path: Path) -> None:
    """≤ idle + 16 bytes per pixel at 24 megapixels and 16 bit.

    Unless asked it runs at 6 megapixels, where what does not grow with the picture (tiles under
    way on two threads, proxies, the codec) weighs more than the picture: 72 MB are let through.
    """
    width, height = (6000, 4000) if ALL else (3000, 2000)
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 65536, (height, width, 3), np.uint16) // 16 + 20000
    large, small = tmp_path / "large.tif", tmp_path / "small.png"
    save_image(Image.from_array(rows), large)
    save_image(Image.from_array((rows[:64, :64] // 256).astype(np.uint8)), small)
    del rows
    done = subprocess.run(
        [sys.executable, "-c", MEMORY, str(small), str(large), str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PENTIMENTO_HOME": str(tmp_path / "home")},
    )
    code, idle, peak = (int(v) for v in done.stdout.split()[-3:])
    assert code == 0
    constant = 0 if ALL else 72e6
    per_pixel = (peak - idle - constant) / (width * height)
    assert per_pixel <= 16, f"{per_pixel:.1f} bytes per pixel"
