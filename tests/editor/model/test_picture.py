"""Pictures: layers of one size, digests over all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from editor.model.image import Image
from editor.model.picture import Layer, Picture
from editor.model.rect import Rect
from editor.model.selection import Selection


def image(value: int) -> Image:
    return Image.from_array(np.full((20, 30, 3), value, np.uint8))


def test_one_layer_has_the_digest_of_its_image() -> None:
    picture = Picture.of(image(1), "name")
    assert picture.pixel_digest == image(1).pixel_digest
    assert picture.image.equals(image(1))


def test_digest_sees_what_changes_the_look() -> None:
    layer = Layer(image(1))
    mask = Selection.from_rect(Rect(0, 0, 5, 5), 30, 20)
    pictures = [
        Picture((layer, layer)),
        Picture((layer, replace(layer, opacity=0.5))),
        Picture((layer, replace(layer, blend="multiply"))),
        Picture((layer, replace(layer, visible=False))),
        Picture((layer, replace(layer, mask=mask))),
        Picture((replace(layer, mask=mask),)),
        Picture((layer,)),
    ]
    assert len({p.pixel_digest for p in pictures}) == len(pictures)


def test_a_picture_has_a_layer() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Picture(())


def test_several_layers_have_no_single_image_yet() -> None:
    with pytest.raises(NotImplementedError):
        _ = Picture((Layer(image(1)), Layer(image(2)))).image
