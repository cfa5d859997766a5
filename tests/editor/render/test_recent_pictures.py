from __future__ import annotations

import gc

import numpy as np

from editor.model.image import Image
from editor.render.adjustments.recent_pictures import RecentPictures


def picture() -> Image:
    return Image.from_array(np.zeros((4, 4, 3), np.uint8))


def test_only_the_pictures_used_last_are_remembered() -> None:
    known = RecentPictures[str](2)
    one, two, three = picture(), picture(), picture()
    known.put(one, "one")
    known.put(two, "two")
    assert known.get(one) == "one"
    known.put(three, "three")
    assert [known.get(p) for p in (one, two, three)] == ["one", None, "three"]
    known.put(three, "other")
    assert known.get(three) == "other"
    assert len(known) == 2


def test_no_picture_is_kept_alive() -> None:
    known = RecentPictures[str]()
    one = picture()
    known.put(one, "one")
    del one
    gc.collect()
    assert len(known) == 0
