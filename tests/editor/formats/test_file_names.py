"""Names that are not UTF-8, that are long, that are missing; parts that were left behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pil

from editor.display_name import display_name
from editor.errors import ExpectedError
from editor.formats import open_image, probe, save_image
from editor.messages import Message
from editor.model.image import Image

PIXELS = np.arange(5 * 7 * 3, dtype=np.uint8).reshape(5, 7, 3) * 2


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only Unicode")
@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "tif", "avif", "gif", "bmp"])
def test_a_name_that_is_not_utf8_opens(tmp_path: Path, ending: str) -> None:
    plain = tmp_path / f"plain.{ending}"
    Pil.fromarray(PIXELS).save(plain)
    path = tmp_path / os.fsdecode(b"\xff\xe4." + ending.encode())
    plain.rename(path)
    opened = open_image(path)
    assert (opened.image.width, opened.image.height) == (7, 5)
    assert probe(path).width == 7


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only Unicode")
def test_small_faults_of_a_jpeg_with_such_a_name_are_forgiven(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.jpg")
    Pil.fromarray(np.tile(PIXELS, (40, 40, 1))).save(tmp_path / "a.jpg", restart_marker_blocks=2)
    data = bytearray((tmp_path / "a.jpg").read_bytes())
    data[data.rindex(b"\xff\xd3")] = 0  # a restart marker is lost
    path.write_bytes(bytes(data))
    opened = open_image(path)
    assert opened.image.width == 280
    assert Message("opened.small_faults") in opened.notes


@pytest.mark.skipif(sys.platform != "linux", reason="other systems take only Unicode")
def test_saving_under_such_a_name(tmp_path: Path) -> None:
    path = tmp_path / os.fsdecode(b"\xff.png")
    image = Image.from_array(PIXELS)
    save_image(image, path)
    assert open_image(path).image.pixel_digest == image.pixel_digest
    with pytest.raises(ExpectedError) as refused:
        open_image(tmp_path / os.fsdecode(b"\xfe.png"))
    assert "�.png" in str(refused.value)


@pytest.mark.parametrize("place", [".", "..", "", "/"])
def test_no_message_has_an_empty_name(place: str) -> None:
    assert display_name(place)
    with pytest.raises(ExpectedError, match=r"“[^”]+” is a folder"):
        open_image(Path(place))


def test_a_name_of_250_bytes_and_one_too_long(tmp_path: Path) -> None:
    image = Image.from_array(PIXELS)
    long = tmp_path / ("n" * 246 + ".png")
    save_image(image, long)
    assert open_image(long).image.width == 7
    with pytest.raises(ExpectedError, match="longer than this disk allows"):
        save_image(image, tmp_path / ("n" * 300 + ".png"))
    assert [path.name for path in tmp_path.iterdir()] == [long.name]


def test_parts_of_killed_processes_are_removed_after_a_day(tmp_path: Path) -> None:
    image = Image.from_array(PIXELS)
    old, young, foreign = (
        tmp_path / name
        for name in (".a.png.0123456789abcdef.part", ".a.png.fedcba9876543210.part", ".a.png.part")
    )
    for path in (old, young, foreign):
        path.touch()
    os.utime(old, (1, 1))
    os.utime(foreign, (1, 1))
    save_image(image, tmp_path / "a.png")
    assert not old.exists()
    assert young.exists()
    assert foreign.exists()
