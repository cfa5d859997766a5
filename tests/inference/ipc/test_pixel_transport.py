from __future__ import annotations

import itertools
import os
from pathlib import Path

import numpy as np
import pytest

from editor.model.image import Image
from inference.ipc.pixel_transport import MappedTiles, Publisher, remove_stale_files
from inference.request.cancel import Cancelled
from tests.inference.engine_cases import picture


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (256, 256), (257, 513)])
def test_pixels_cross_unchanged(
    tmp_path: Path, dtype: str, channels: int, size: tuple[int, int]
) -> None:
    top = np.iinfo(np.dtype(dtype)).max
    rng = np.random.default_rng(1)
    image = Image.from_array(rng.integers(0, top, (*size, channels), dtype, endpoint=True))
    ref = Publisher(tmp_path).publish(image)
    shelf = MappedTiles(tmp_path)
    arrived = shelf.resolve(ref)
    assert arrived.pixel_digest == image.pixel_digest
    assert np.array_equal(arrived.array(), image.array())
    assert not arrived.tiles[0].pixels.flags.writeable


def test_mapped_pixels_outlive_the_file_and_the_drop(tmp_path: Path) -> None:
    image, publisher, shelf = picture(), Publisher(tmp_path), MappedTiles(tmp_path)
    ref = publisher.publish(image)
    arrived = shelf.resolve(ref)
    publisher.mapped(ref.file)
    assert list(tmp_path.iterdir()) == []
    view = arrived.tiles[0].pixels
    shelf.drop((ref.file,))
    assert np.array_equal(view, image.tiles[0].pixels)
    with pytest.raises(LookupError):
        shelf.resolve(publisher.publish(image))  # it believes the child still holds them


def test_equal_tiles_cross_once(tmp_path: Path) -> None:
    image = Image.from_array(np.full((1024, 1024), 9, np.uint8))
    ref = Publisher(tmp_path).publish(image)
    assert len(ref.tiles) == 16
    assert len(ref.new) == 1
    assert MappedTiles(tmp_path).resolve(ref).equals(image)


def test_forget_sends_all_again(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path)
    first = publisher.publish(picture())
    publisher.forget()
    assert list(tmp_path.iterdir()) == []
    assert publisher.publish(picture()).new == first.new


def test_stopping_leaves_nothing_behind(tmp_path: Path) -> None:
    asked = itertools.count(1)
    publisher = Publisher(tmp_path)
    with pytest.raises(Cancelled):
        publisher.publish(picture(900, 900), lambda: next(asked) > 3)
    assert list(tmp_path.iterdir()) == []
    assert len(publisher.publish(picture(900, 900)).new) == 16


def test_budget_spares_what_is_needed(tmp_path: Path) -> None:
    one, two, three = (picture(seed=s) for s in range(3))
    publisher = Publisher(tmp_path, budget=2 * one.nbytes)
    refs = [publisher.publish(image) for image in (one, two, three)]
    assert publisher.over_budget((refs[2],)) == (refs[0].file,)
    assert publisher.over_budget((refs[2],)) == ()
    tight = Publisher(tmp_path, budget=1)
    ref = tight.publish(one)
    assert tight.over_budget((ref,)) == ()


def test_names_from_outside_the_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError):
        MappedTiles(tmp_path)._map("../secret")


def test_sweep_takes_only_files_of_dead_processes(tmp_path: Path) -> None:
    dead = tmp_path / "999999999-0.tiles"
    mine = tmp_path / f"{os.getpid()}-0.tiles"
    other = tmp_path / "notes.txt"
    for path in (dead, mine, other):
        path.write_bytes(b"x")
    remove_stale_files(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([mine.name, other.name])
