"""Reading back: any thread, a byte budget, every digest checked."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from editor.errors import DamagedDocument
from editor.formats.limits import MAX_PIXELS
from editor.model.image import Image
from editor.model.patch import Patch
from editor.render import composite
from editor.render.enlargement import enlargement_patch
from editor.storage import pixel_store, rows
from editor.storage.document import Document
from editor.storage.pixel_store import PixelStore, Readers, cache_budget, read_patch
from editor.storage.schema import connect_builder, connect_reader, create_schema
from tests.editor.document_cases import a_document, an_image


@pytest.fixture
def path(tmp_path: Path) -> Path:
    document = a_document(tmp_path, path=tmp_path / "x.pentimento")
    document.close()
    return document.path


def digests(path: Path) -> list[bytes]:
    with closing(connect_reader(path)) as connection:
        return [row[0] for row in connection.execute("SELECT digest FROM tile")]


def test_the_budget_is_kept_and_the_least_used_go_first(path: Path) -> None:
    readers = Readers(path)
    store = PixelStore(readers, 256 * 256 * 3 + 40_000)
    first, second, *_ = digests(path)
    kept = store.load_tile(first)
    assert store.load_tile(first) is kept
    store.load_tile(second)
    assert store.held <= store.budget
    store.budget = 0
    assert store.held == 0
    assert store.load_tile(first) is not kept
    store.budget = 1 << 20
    store.load_tile(second)
    store.forget()
    assert store.held == 0
    readers.close()


def test_many_threads_read_at_once(path: Path) -> None:
    with Document.open(path) as document:
        document.store.budget = 0
        picture = document.history.current.picture
        assert picture is not None
        expected = an_image().array()
        wrong = []

        def read() -> None:
            for _ in range(5):
                if not np.array_equal(picture.image.array(), expected):
                    wrong.append(1)

        threads = [threading.Thread(target=read) for _ in range(6)]
        for thread in threads:
            thread.start()
        for number in range(3):
            document.name_file(path.with_name(f"moved {number}.pentimento")).result()
        for thread in threads:
            thread.join()
        assert not wrong


def test_unknown_tiles_are_damage(path: Path) -> None:
    readers = Readers(path)
    store = PixelStore(readers)
    with pytest.raises(DamagedDocument):
        store.load_tile(b"x" * 20)
    with pytest.raises(DamagedDocument):
        store.load_patch("nothing")
    path.unlink()
    readers.close()
    with pytest.raises(DamagedDocument):
        store.load_tile(b"y" * 20)


def test_a_small_picture_has_a_small_cache() -> None:
    assert cache_budget(768 * 768 * 3) == 32 << 20
    assert cache_budget(10 << 20) == 120 << 20
    assert cache_budget(144 << 20) == 256 << 20


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_a_whole_enlarged_picture_comes_back_and_nothing_larger(
    dtype: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Patches of a model's work size have a narrower limit than these."""
    source = Image.from_array(np.full((20, 30, 3), 7, dtype))
    top = np.iinfo(dtype).max
    drawn = np.random.default_rng(0).integers(0, top, (40, 60, 3)).astype(dtype)
    patch = enlargement_patch(source, 2.0, drawn)
    other = Patch((), np.zeros((40, 60, 3), np.uint8), patch.placement)
    with closing(connect_builder(tmp_path / "x")) as connection:
        create_schema(connection)
        for one in (patch, other):
            rows.put_patch(connection, one)
        monkeypatch.setattr(pixel_store, "PATCH_SAMPLES_CAP", 1000)
        back = Patch(patch.parameters, read_patch(connection, patch.digest), patch.placement)
        assert back.digest == patch.digest
        assert np.array_equal(composite.render(source, back, None).array(), drawn)
        with pytest.raises(DamagedDocument):
            read_patch(connection, other.digest)
        monkeypatch.setattr(pixel_store, "ENLARGED_SAMPLES_CAP", 1000)
        with pytest.raises(DamagedDocument):
            read_patch(connection, patch.digest)


def test_the_largest_picture_fits() -> None:
    assert pixel_store.ENLARGED_SAMPLES_CAP >= 6 * MAX_PIXELS
