from __future__ import annotations

import contextlib
import io
import os
import struct
import subprocess
import sys
import threading
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pillow

from editor.errors import DiskFull, ExpectedError, UnsupportedImage
from editor.formats import open_image, probe, save_image, sniff
from editor.model.image import Image

ROOT = Path(__file__).resolve().parents[3]


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(
    width: int, height: int, rows: bytes, *more: bytes, bits: int = 8, colour: int = 0
) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows, 9))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(more) + body + chunk(b"IEND", b"")


def sample(kind: str, size: tuple[int, int] = (90, 70), **options: Any) -> bytes:
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    pixels = np.stack([x % 256, y % 256, (x * y) % 256], axis=2).astype(np.uint8)
    out = io.BytesIO()
    Pillow.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def refused(path: Path) -> str:
    with pytest.raises(ExpectedError) as caught:
        open_image(path)
    assert str(caught.value.message).endswith(".")
    assert caught.value.fix
    return str(caught.value.message)


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp", "tiff", "gif", "bmp", "avif"])
@pytest.mark.parametrize("part", [0.0, 0.02, 0.3, 0.6, 0.9])
def test_what_breaks_off_is_refused(tmp_path: Path, kind: str, part: float) -> None:
    data = sample(kind)
    path = tmp_path / "a.bin"
    path.write_bytes(data[: int(len(data) * part)])
    message = refused(path)
    assert any(word in message for word in ("damaged", "not a picture", "no pixels", "empty"))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    kind=st.sampled_from(["png", "jpeg", "webp", "tiff", "gif", "bmp"]),
    changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=8),
)
def test_changed_bytes_never_surprise(
    tmp_path: Path, kind: str, changes: list[tuple[float, int]]
) -> None:
    data = bytearray(sample(kind, (20, 20)))
    for place, value in changes:
        data[int(place * len(data))] = value
    path = tmp_path / "a.bin"
    path.write_bytes(data)
    with contextlib.suppress(ExpectedError):
        open_image(path)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    start=st.sampled_from(
        [
            b"",
            b"\x89PNG\r\n\x1a\n",
            b"\xff\xd8\xff\xe0",
            b"RIFF\xff\xff\0\0WEBP",
            b"II*\0",
            b"MM\0+",
            b"GIF89a",
            b"BM" + bytes(12) + b"\x28\0\0\0",
            b"8BPS\0\x01",
            b"PK\x03\x04",
            b"\0\0\0\x14ftypavif\0\0\0\0mif1",
        ]
    ),
    rest=st.binary(max_size=400),
)
def test_random_bytes_are_refused(tmp_path: Path, start: bytes, rest: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(start + rest)
    refused(path)


def giants() -> dict[str, bytes]:
    tiff = b"II*\0\x08\0\0\0\x03\0" + b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in ((256, 60000), (257, 60000))
    )
    return {
        "a.png": png(60_000, 60_000, b""),
        "b.tif": tiff + struct.pack("<HHII", 258, 3, 1, 8) + bytes(4),
        "c.gif": b"GIF89a" + struct.pack("<HH", 60_000, 60_000) + bytes(3),
        "d.bmp": b"BM" + bytes(12) + struct.pack("<IiiHH", 40, 60_000, 60_000, 1, 24) + bytes(24),
        "e.psd": b"8BPS\0\x01" + bytes(6) + struct.pack(">HIIHH", 3, 60_000, 60_000, 8, 3),
        "f.jpg": b"\xff\xd8\xff\xc0\0\x11\x08" + struct.pack(">HHB", 60_000, 60_000, 3) + bytes(9),
    }


@pytest.mark.parametrize("name", sorted(giants()))
def test_giants_are_refused_before_decoding(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(giants()[name])
    message = "This picture says it is 60,000 × 60,000 pixels, more than can be opened here."
    assert refused(path) == message
    with pytest.raises(UnsupportedImage, match="60,000 × 60,000"):
        probe(path)


def test_the_caps_are_exact(tmp_path: Path) -> None:
    def header(width: int, height: int) -> Path:
        path = tmp_path / "a.png"
        path.write_bytes(png(width, height, b""))
        return path

    assert probe(header(65_500, 1)).width == 65_500
    assert probe(header(12_000, 10_000)).height == 10_000
    for width, height in ((65_501, 1), (1, 65_501), (12_000, 10_001), (2**31 - 1, 2**31 - 1)):
        with pytest.raises(UnsupportedImage, match="more than can be opened"):
            probe(header(width, height))


def bomb(name: str) -> bytes:
    zeros = zlib.compress(bytes(64 << 20), 9)
    zeros = zeros if name != "text" else zlib.compress(b"a" * (64 << 20), 9)
    body = {
        "text": chunk(b"zTXt", b"k\0\0" + zeros),
        "many": chunk(b"zTXt", b"k\0\0" + zlib.compress(b"a" * (1 << 20), 9)) * 200,
        "international": chunk(b"iTXt", b"k\0\1\0\0\0" + zeros),
        "profile": chunk(b"iCCP", b"k\0\0" + zeros),
        "exif": chunk(b"eXIf", b"II*\0\x08\0\0\0\xff\xff" + b"\xff" * 4000),
        "entries": chunk(b"tEXt", b"k\0v") * 50_000,
        "empty": chunk(b"tEXt", b"") * 300_000,
    }[name]
    return png(8, 8, bytes(9 * 8), body)


@pytest.mark.parametrize(
    "name", ["text", "many", "international", "profile", "exif", "entries", "empty"]
)
def test_side_notes_cannot_fill_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(bomb(name))
    try:
        image = open_image(path).image
    except UnsupportedImage:
        return
    assert sum(len(key) + len(value) for key, value in image.meta.text) < 20 << 20
    assert image.meta.icc is None


def test_archives_are_bounded(tmp_path: Path) -> None:
    def archive(members: dict[str, bytes], name: str = "a.kra") -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as out:
            out.writestr("mimetype", "application/x-krita", zipfile.ZIP_STORED)
            for member, data in members.items():
                out.writestr(member, data, zipfile.ZIP_DEFLATED)
        return path

    good = png(8, 8, bytes(9 * 8))
    assert open_image(archive({"mergedimage.png": good})).image.width == 8
    assert "no merged picture" in refused(archive({"other.png": good}))
    assert "60,000" in refused(archive({"mergedimage.png": giants()["a.png"]}))
    assert "damaged" in refused(archive({"mergedimage.png": bytes(100 << 20)}))
    outside = archive({"../../mergedimage.png": good, "/tmp/mergedimage.png": good})
    assert "no merged picture" in refused(outside)
    path = archive({"mergedimage.png": good})
    path.write_bytes(path.read_bytes()[:-30])
    assert "damaged" in refused(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "no file" in refused(tmp_path / "missing.png")
    assert "folder" in refused(tmp_path)
    os.mkfifo(tmp_path / "pipe.png")
    assert "not a picture" in refused(tmp_path / "pipe.png")
    (tmp_path / "empty.png").touch()
    assert "empty" in refused(tmp_path / "empty.png")
    with pytest.raises(ExpectedError, match="no file"):
        sniff(tmp_path / "missing.png")


def test_other_formats_are_refused(tmp_path: Path) -> None:
    for name, data in {
        "a.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "b.ppm": b"P6 1 1 255\n\0\0\0",
        "c.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        "d.exr": b"v/1\x01" + bytes(50),
        "e.jp2": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(40),
        "f.zip": b"PK\x03\x04" + bytes(60),
        "g.txt": b"hello",
    }.items():
        (tmp_path / name).write_bytes(data)
        assert refused(tmp_path / name).startswith("This is not a picture this program reads.")
        assert sniff(tmp_path / name) is None


LIMITED = """
import resource, sys
from pathlib import Path
import numpy as np
from editor.errors import DiskFull
from editor.formats import save_image
from editor.model.image import Image
folder, name = Path(sys.argv[1]), sys.argv[2]
pixels = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
image = Image.from_array(pixels)
save_image(image, folder / ("warm" + name))
for limit in (0, 20, 500, 5_000, 20_000, 60_000):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        save_image(image, folder / ("full" + name))
    except DiskFull as error:
        print(str(error.message))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits there")
@pytest.mark.parametrize("ending", [".png", ".jpg", ".webp", ".tif"])
def test_a_full_disk_changes_nothing(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"full{ending}").write_bytes(b"what was there")
    result = subprocess.run(
        [sys.executable, "-c", LIMITED, str(tmp_path), ending],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout == 6 * f"The disk is full, so “full{ending}” was not written.\n"
    assert result.stderr == ""
    assert (tmp_path / f"full{ending}").read_bytes() == b"what was there"
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"full{ending}", f"warm{ending}"]


def test_tiles_that_cannot_be_read_stop_the_saving(tmp_path: Path) -> None:
    image = Image.from_array(np.zeros((300, 300, 3), np.uint8))

    class Gone:
        def load_tile(self, digest: bytes) -> np.ndarray:
            raise DiskFull("The document is gone.")

    image.tiles[3].release(Gone())
    for ending in (".png", ".jpg", ".webp", ".tif"):
        with pytest.raises(DiskFull, match="document is gone"):
            save_image(image, tmp_path / f"a{ending}")
    assert list(tmp_path.iterdir()) == []


def test_released_tiles_are_saved(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 65535, (700, 600, 4), dtype=np.uint16)
    image = Image.from_array(pixels)
    kept: dict[bytes, np.ndarray] = {}
    loads = []

    class Source:
        def load_tile(self, digest: bytes) -> np.ndarray:
            loads.append(digest)
            return kept[digest]

    for tile in image.tiles:
        kept[tile.digest] = tile.pixels
        tile.release(Source())
    save_image(image, tmp_path / "a.png")
    assert len(loads) == len(image.tiles)  # each tile is fetched once
    assert np.array_equal(open_image(tmp_path / "a.png").image.array(), pixels)


def test_many_threads_at_once(tmp_path: Path) -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (400, 300, 3), dtype=np.uint8)
    image = Image.from_array(pixels)
    wrong: list[object] = []

    def work(number: int) -> None:
        for ending in (".png", ".tif", ".webp"):
            try:
                save_image(image, tmp_path / f"same{ending}")
                save_image(image, tmp_path / f"{number}{ending}")
                if not open_image(tmp_path / f"{number}{ending}").image.equals(image):
                    wrong.append((number, ending))
                if not open_image(tmp_path / f"same{ending}").image.equals(image):
                    wrong.append(("same", ending))
            except BaseException as error:
                wrong.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert not any(path.name.endswith(".part") for path in tmp_path.iterdir())


def test_links_and_permissions_survive(tmp_path: Path) -> None:
    image = Image.from_array(np.zeros((3, 3, 3), np.uint8))
    real = tmp_path / "real.png"
    real.write_bytes(b"x")
    real.chmod(0o640)
    (tmp_path / "link.png").symlink_to(real)
    save_image(image, tmp_path / "link.png")
    assert (tmp_path / "link.png").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert open_image(real).image.equals(image)
    with pytest.raises(ExpectedError, match="is gone"):
        save_image(image, tmp_path / "nowhere" / "a.png")
    save_image(image, tmp_path / ("漢" * 80 + ".png"))
