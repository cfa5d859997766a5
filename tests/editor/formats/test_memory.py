"""Memory and speed at 24 megapixels and 16 bit.

By hand: `python tests/editor/formats/test_memory.py`
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

MEASURE = """
import json, os, sys, time
from pathlib import Path
import numpy as np
from editor.formats import SaveOptions, open_image, save_image, thumbnail
from editor.formats.libvips import vips
from editor.render.heap import give_back_memory
from editor.model.image import Image
from editor.model.rect import Rect

folder, ending = Path(sys.argv[1]), sys.argv[2]
width, height = 6000, 4000

def band(rect):
    y, x = np.mgrid[rect.y : rect.bottom, rect.x : rect.right]
    noise = np.random.default_rng(rect.y * width + rect.x).integers(0, 500, (*x.shape, 3))
    return (np.stack([x * 10, y * 15, (x + y) * 6], axis=2) + noise).astype(np.uint16)

def peak():
    return next(int(l.split()[1]) for l in open("/proc/self/status") if l.startswith("VmHWM"))

def reset():
    give_back_memory()
    open("/proc/self/clear_refs", "w").write("5")

if ending == "make":
    save_image(Image.build(width, height, 3, "uint16", band), folder / "big.png",
               options=SaveOptions(effort=1))
    sys.exit()
vips(); thumbnail(Image.from_array(np.zeros((9, 9, 3), np.uint8)), 4)
reset()
idle = peak()
clock = time.monotonic
started = clock(); opened = open_image(folder / "big.png"); opening = clock() - started
reached = peak() - idle
started = clock(); thumbnail(opened.image, 256); small = clock() - started
edited = Image.build(width, height, 3, "uint16", lambda r: opened.image.read(r) ^ 1)
reset()
started = clock(); save_image(edited, folder / f"out{ending}"); saving = clock() - started
reached = max(reached, peak() - idle)
print(json.dumps({"open_s": opening, "thumbnail_s": small, "save_s": saving,
                  "bytes_per_pixel": reached * 1024 / (width * height),
                  "file_bytes": os.path.getsize(folder / f"out{ending}")}))
"""


def measure(folder: Path, ending: str) -> dict[str, float]:
    result = subprocess.run(
        [sys.executable, "-c", MEASURE, str(folder), ending],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return dict(json.loads(result.stdout)) if result.stdout else {}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
def test_open_edit_save_stays_under_16_bytes_per_pixel(tmp_path: Path) -> None:
    measure(tmp_path, "make")
    for ending in (".png", ".tif"):
        found = measure(tmp_path, ending)
        assert found["bytes_per_pixel"] <= 16, (ending, found)


def test_importing_is_cheap() -> None:
    """Neither libvips nor Pillow is loaded before a file is opened."""
    code = (
        "import sys, editor.formats; "
        "print([m for m in ('pyvips', 'PIL', 'cv2', 'zipfile') if m in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert result.stdout == "[]\n"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        measure(Path(name), "make")
        for kind in (".png", ".tif", ".jpg"):
            print(kind, measure(Path(name), kind))
