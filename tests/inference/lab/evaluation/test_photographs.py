from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from editor.errors import UnsupportedImage
from editor.formats import save_image
from editor.model.image import Image
from inference.lab.evaluation.photographs import is_mask, photographs
from tests.app.cli.cli_cases import picture


def mask(colours: int = 1) -> Image:
    """A white disc on black with a soft edge."""
    pixels = np.zeros((480, 640), np.uint8)
    cv2.circle(pixels, (320, 240), 150, 255, -1)
    soft = cv2.GaussianBlur(pixels, (3, 3), 0)
    return Image.from_array(np.repeat(soft[:, :, None], colours, axis=2))


def test_masks_beside_photographs_are_not_counted(tmp_path: Path) -> None:
    picture(tmp_path, "house.png")
    save_image(mask(), tmp_path / "house_mask.png")
    save_image(mask(3), tmp_path / "rgb_mask.png")
    assert [one.name for one in photographs(tmp_path, 10_000)] == ["house.png"]
    (tmp_path / "house.png").unlink()
    with pytest.raises(UnsupportedImage):
        photographs(tmp_path, 10_000)


def test_dark_bright_and_grey_pictures_are_no_masks() -> None:
    ramp = np.tile(np.linspace(0, 255, 160).astype(np.uint8), (120, 1))
    red = np.zeros((120, 160, 3), np.uint8)
    red[:, :80, 0] = 255
    assert not any(is_mask(Image.from_array(one)) for one in (ramp, red))
