"""Real odd, broken and hostile files, and what every one of them came to."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps

from editor.formats import open_image
from tests.needs import NO_SHARED_DATA, SHARED_DATA

ROOT = Path(__file__).resolve().parents[3]
FOLDERS = ("format_stress", "layered_documents", "generation_metadata")
pytestmark = pytest.mark.skipif(not SHARED_DATA.is_dir(), reason=NO_SHARED_DATA)

OPENER = """
import json, resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from editor.errors import ExpectedError
from editor.formats import open_image, thumbnail
for line in sys.stdin:
    path = line.rstrip("\\n")
    try:
        opened = open_image(path)
        image = opened.image
        thumbnail(image, 64)
        found = {"size": [image.width, image.height], "channels": image.channels,
                 "dtype": image.dtype,
                 "notes": [str(note) for note in opened.notes], "icc": len(image.meta.icc or b"")}
    except ExpectedError as error:
        found = {"kind": error.kind, "message": str(error.message)}
    print(json.dumps([path, found]), flush=True)
# Not getrusage: its maximum is inherited from the process that started this one.
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(status["VmHWM"].split()[0], file=sys.stderr)
"""

REFUSED = {
    "apng_syntax_num_frames_zero.png",
    "avif_hopper.heif",  # HEIC by content: a codec that is not carried
    "broken.png",
    "broken_data_stream.png",
    "corrupt-header.jpg",
    "crash-0c7e0e8e11ce787078f00b5b0ca409a167f070e0.tif",
    "crash-1152ec2d1a1a71395b6f2ce6721c38924d025bf3.tif",
    "crash-2020-10-test.tif",
    "decompression_bomb.gif",
    "empty_file.png",
    "hopper_unknown_pixel_mode.tif",
    "layers-minimal_pixel-layer.psd",  # saved without a merged picture
    "libtiff_segfault.tif",
    "oom-225817ca0f8c663be7ab4b9e717b02c661e66834.tif",
    "truncated.png",
    "truncated_image.png",
    "truncated_jpeg.jpg",
    "ultrahdr.jpg",  # breaks off
    "zero_width.gif",
    "65536-uint32-limit.png",
}


@pytest.fixture(scope="module")
def outcomes() -> dict[Path, dict[str, Any]]:
    """Every file, opened in one process with two gigabytes of address space."""
    files = [p for name in FOLDERS for p in sorted((SHARED_DATA / name).rglob("*")) if p.is_file()]
    result = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", OPENER],
        input="".join(f"{path}\n" for path in files),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    peak, *rest = result.stderr.split()
    assert not rest, result.stderr
    assert int(peak) < 500_000  # kilobytes
    found = dict(json.loads(line) for line in result.stdout.splitlines())
    assert [Path(path) for path in found] == files
    return {Path(path): outcome for path, outcome in found.items()}


def test_every_file_is_opened_or_refused_in_a_sentence(
    outcomes: dict[Path, dict[str, Any]],
) -> None:
    for path, outcome in outcomes.items():
        if "message" in outcome:
            assert outcome["kind"] == "unsupported_image", path
            assert outcome["message"].endswith("."), path
    refused = {path.name for path, outcome in outcomes.items() if "message" in outcome}
    texts = {path.name for path in outcomes if path.suffix in (".txt", ".json", ".md")}
    assert refused - texts == REFUSED


def test_what_is_said_about_some(outcomes: dict[Path, dict[str, Any]]) -> None:
    by_name = {path.name: outcome for path, outcome in outcomes.items()}
    assert "65,536 × 65,536" in by_name["65536-uint32-limit.png"]["message"]
    assert "empty" in by_name["empty_file.png"]["message"]
    assert "merged picture" in by_name["player.kra"]["notes"][0]
    assert "first of 2 pictures" in by_name["frozenpond.mpo"]["notes"][0]
    assert by_name["16bit5x5.psd"]["dtype"] == "uint16"
    assert by_name["16-bit-grey-alpha.png"]["channels"] == 2
    assert by_name["16-bit-grey-alpha.png"]["dtype"] == "uint16"
    for name in ("p3.png", "p3-srgb-blue.png", "p3-srgb-red.jpg", "rgb-to-gbr-test.png"):
        assert by_name[name]["icc"] > 400, name


NOT_LIKE_PILLOW = {
    "ftbbn0g04.png",  # Pillow compares the transparent grey before it scales the samples
    "interlaced_iftbbn0g04.png",
    "avif_hopper.avif",  # another decoder's chroma interpolation
    "avif_rot1mir0.avif",
    "hopper.Lab.tif",
}


def test_pixels_are_those_of_pillow(outcomes: dict[Path, dict[str, Any]]) -> None:
    """8-bit pictures, sample by sample; CMYK is another matter, and Pillow reads no 16-bit RGB."""
    compared = 0
    for path, outcome in outcomes.items():
        layered = path.suffix in (".kra", ".ora", ".psd")
        if "message" in outcome or layered or path.name in NOT_LIKE_PILLOW:
            continue
        if "16" in outcome["dtype"] or any("CMYK" in note for note in outcome["notes"]):
            continue
        try:
            with warnings.catch_warnings(), Pillow.open(path) as picture:
                warnings.simplefilter("ignore")  # Pillow about damaged EXIF
                mode = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}[outcome["channels"]]
                wanted = np.asarray(ImageOps.exif_transpose(picture).convert(mode))
        except ValueError:  # Pillow refuses long texts
            continue
        found = open_image(path).image.array()
        wanted = wanted.reshape(found.shape)
        assert np.array_equal(_seen(found), _seen(wanted)), path
        compared += 1
    assert compared > 90


def _seen(pixels: np.ndarray) -> np.ndarray:
    """Without the colours under full transparency, which nobody sees."""
    if pixels.shape[2] in (1, 3):
        return pixels
    return pixels * (pixels[:, :, -1:] > 0)


def test_sixteen_bits_are_those_of_the_file() -> None:
    for name in ("basn0g16", "ibasn0g16"):
        path = SHARED_DATA / "format_stress" / "pngsuite" / f"{name}.png"
        with Pillow.open(path) as picture:
            wanted = np.asarray(picture).astype(np.uint16)
        assert np.array_equal(open_image(path).image.array()[:, :, 0], wanted)
    for plain, woven in (("basn2c16", "ibasn2c16"), ("basn6a16", "ibasn6a16")):
        folder = SHARED_DATA / "format_stress" / "pngsuite"
        assert open_image(folder / f"{plain}.png").image.equals(
            open_image(folder / f"{woven}.png").image
        )


def test_turned_photographs_look_alike() -> None:
    folder = SHARED_DATA / "format_stress" / "sharp"
    first = open_image(folder / "landscape_2.jpg").image.array().astype(int)
    wrong = np.abs(first - first[::-1, ::-1]).mean()
    for number in range(1, 9):
        other = open_image(folder / f"landscape_{number}.jpg").image.array()
        assert other.shape == first.shape
        assert np.abs(first - other).mean() < wrong / 3, number


def test_documents_show_their_reference_rendering() -> None:
    folder = SHARED_DATA / "layered_documents"
    stem = folder / "psd" / "adjustments_adjustment_clipping"
    with Pillow.open(stem.with_suffix(".png")) as picture:
        wanted = np.asarray(picture.convert("RGB"))
    assert np.array_equal(open_image(stem.with_suffix(".psd")).image.array(), wanted)
    for path in (folder / "psd").glob("*.psd"):
        if path.name in REFUSED | {"16bit5x5.psd"}:
            continue
        image = open_image(path).image
        with Pillow.open(path) as picture:
            stored = np.asarray(picture.convert({1: "L", 3: "RGB", 4: "RGBA"}[image.channels]))
        found = image.array().astype(float)
        if image.channels == 4:  # the file holds the colours over white
            share = found[:, :, 3:] / 255
            found[:, :, :3] = np.rint(found[:, :, :3] * share + 255 * (1 - share))
        assert np.abs(found - stored.reshape(found.shape)).max() <= 1, path
    ora = open_image(folder / "ora" / "ora_screen.ora").image
    with Pillow.open(folder / "ora" / "ora_screen_merged_by_source.jpg") as picture:
        size = (picture.width, picture.height)
        wanted = np.asarray(picture.convert("RGB")).astype(int)
    small = np.asarray(Pillow.fromarray(ora.array()).resize(size, Pillow.Resampling.BOX))
    assert np.abs(small - wanted).mean() < 16
