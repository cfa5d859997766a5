"""Goals 15 and 17: what keeping every step costs; and how tiles are best packed.

Each function returns a dict of numbers (seconds, bytes, ratios). Both arms of a ratio run in turn
in one run. Alone: `python -m tests.bench.document_bench [--json FILE] [NAME ...]`.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import zstandard
from numpy.typing import NDArray
from PIL import Image as PillowImage

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import HistoryNode, new_id
from editor.model.image import Image, Pixels, tile_rects
from editor.model.patch import Patch
from editor.model.picture import Picture
from editor.model.rect import Rect
from editor.storage import codec
from editor.storage.document import Document

PHOTOS = Path(__file__).resolve().parents[3] / "shared" / "data" / "photos"
NAMES = (
    "large/viktor_forgacs.jpg",
    "large/photo_by_spacex.jpg",
    "skimage/astronaut.png",
    "skimage/coffee.png",
    "paintings/starry_night.jpg",
)


def photo(width: int, height: int, name: str = NAMES[0]) -> Pixels:
    """A photograph, mirrored to fill any size; smooth noise where there is none."""
    path = PHOTOS / name
    if path.is_file():
        pixels = np.asarray(PillowImage.open(path).convert("RGB"))
    else:
        rng = np.random.default_rng(0)
        small = rng.integers(0, 255, (90, 120, 3), np.uint8)
        pixels = np.asarray(PillowImage.fromarray(small).resize((2400, 1800)))
    down, across = -(-height // pixels.shape[0]), -(-width // pixels.shape[1])
    both = np.concatenate([pixels, pixels[:, ::-1]], axis=1)
    both = np.concatenate([both, both[::-1]], axis=0)
    return np.tile(both, (-(-down // 2), -(-across // 2), 1))[:height, :width]


def deep(pixels: Pixels) -> Pixels:
    """A plausible 16-bit photograph: the 8-bit one under half a step of sensor noise."""
    rng = np.random.default_rng(0)
    value = pixels.astype(np.float32) / 255 + rng.normal(0, 0.5 / 255, pixels.shape)
    return np.clip(value * 65535, 0, 65535).astype(np.uint16)


def deep_rows(pixels: Pixels) -> Pixels:
    """`deep`, row by row: a whole float picture would be the peak that is to be measured."""
    out = np.empty(pixels.shape, np.uint16)
    for y in range(0, len(pixels), 256):
        out[y : y + 256] = deep(pixels[y : y + 256])
    return out


def with_alpha(pixels: Pixels) -> Pixels:
    """Opaque RGBA."""
    return np.dstack([pixels, np.full(pixels.shape[:2], 255, np.uint8)])


# -- packing -----------------------------------------------------------------------------------
def _planes(pixels: Pixels, *, green: bool, rows: bool, columns: bool) -> bytes:
    planes = np.array(np.moveaxis(pixels, 2, 0), order="C")
    if green and planes.shape[0] >= 3:
        planes[0] -= planes[1]
        planes[2] -= planes[1]
    if rows:
        planes[:, 1:] -= planes[:, :-1].copy()
    if columns:
        planes[:, :, 1:] -= planes[:, :, :-1].copy()
    if planes.dtype == np.uint16:
        low, high = (planes & 0xFF).astype(np.uint8), (planes >> 8).astype(np.uint8)
        return low.tobytes() + high.tobytes()
    return planes.tobytes()


FILTERS: dict[str, Callable[[Pixels], bytes]] = {
    "none": lambda p: p.tobytes(),
    "byte planes": lambda p: _planes(p, green=False, rows=False, columns=False),
    "planes, columns": lambda p: _planes(p, green=False, rows=False, columns=True),
    "planes, rows": lambda p: _planes(p, green=False, rows=True, columns=False),
    "planes, rows, green": lambda p: _planes(p, green=True, rows=True, columns=False),
    "planes, both, green": lambda p: _planes(p, green=True, rows=True, columns=True),
}


def packing() -> dict[str, Any]:
    """Ratio and speed of filters and zstd levels on real photographs, 8 and 16 bit."""
    found: dict[str, Any] = {}
    photos = [photo(1024, 1024, name) for name in NAMES]
    for depth in (8, 16):
        tiles = [
            np.ascontiguousarray(p[r.y : r.bottom, r.x : r.right])
            for p in (photos if depth == 8 else [deep(p) for p in photos])
            for r in tile_rects(1024, 1024)
        ]
        size = sum(t.nbytes for t in tiles)
        for name, packed in FILTERS.items():
            for level in (-1, 1, 3, 6) if name == "planes, rows, green" else (1,):
                compressor = zstandard.ZstdCompressor(level=level)
                began = time.perf_counter()
                small = sum(len(compressor.compress(packed(t))) for t in tiles)
                spent = time.perf_counter() - began
                found[f"{depth} bit, {name}, zstd {level}"] = {
                    "ratio": size / small,
                    "pack_mb_s": size / spent / 1e6,
                }
        blocks = [(codec.encode(t), t) for t in tiles]
        began = time.perf_counter()
        for block, tile in blocks:
            codec.decode(block, tile.shape, tile.dtype.name)
        found[f"{depth} bit, chosen, unpack"] = {
            "pack_mb_s": size / (time.perf_counter() - began) / 1e6,
            "ratio": size / sum(len(b) for b, _ in blocks),
        }
    return found


# -- goal 17 -------------------------------------------------------------------------------------
def _edit(document: Document, rect: Rect, seed: int) -> HistoryNode:
    current = document.history.current
    assert current.picture is not None
    image = current.picture.image
    pixels = image.read(rect)
    pixels[..., :3] += np.array(1 + seed % 100, pixels.dtype)
    made = Candidate(
        EditRequest(image.pixel_digest, None, Instruction(f"edit {seed}"), "adjust", 1, (), seed),
        Patch((("exposure", 0.5),)),
    )
    return HistoryNode(
        new_id(),
        current.id,
        Picture.of(image.replace(rect, pixels)),
        f"edit {seed}",
        time.time(),
        (made,),
        (made,),
    )


@contextmanager
def _document(pixels: Pixels) -> Iterator[Document]:
    with tempfile.TemporaryDirectory() as folder:
        document = Document.create(
            Picture.of(Image.from_array(pixels)), label="bench", state_dir=Path(folder)
        )
        document.flush()
        try:
            yield document
        finally:
            document.close()


def commit_against_png(side: int = 4096, edit: int = 1024, runs: int = 5) -> dict[str, Any]:
    """Goal 17: one edit durable in the document against a PNG of the picture per step."""
    ours: list[float] = []
    level1: list[float] = []
    level6: list[float] = []
    rows = []
    with _document(with_alpha(photo(side, side))) as document:
        folder = document.path.parent
        for turn in range(runs + 1):
            x = (37 + 200 * turn) % (side - edit)
            node = _edit(document, Rect(x, x, edit, edit), turn)
            assert node.picture is not None
            began = time.perf_counter()
            acknowledged = document.accept(node)
            acknowledged.result()
            rows.append(time.perf_counter() - began)
            document.flush()
            ours.append(time.perf_counter() - began)
            whole = node.picture.image.array()
            for level, taken in ((1, level1), (6, level6)):
                if level == 6 and turn > 2:
                    continue
                began = time.perf_counter()
                with (folder / "step.png").open("wb") as file:
                    buffer = io.BytesIO()
                    PillowImage.fromarray(whole).save(buffer, "png", compress_level=level)
                    file.write(buffer.getvalue())
                    os.fsync(file.fileno())
                taken.append(time.perf_counter() - began)
    ours, rows, level1 = ours[1:], rows[1:], level1[1:]
    return {
        "ours_s": statistics.median(ours),
        "row_durable_s": statistics.median(rows),
        "png_level1_s": statistics.median(level1),
        "png_level6_s": statistics.median(level6),
        "ratio_level1": statistics.median(level1) / statistics.median(ours),
        "ratio_level6": statistics.median(level6) / statistics.median(ours),
        "target": 10,
        "canvas": f"{side}² RGBA, edit {edit}²",
    }


def ui_block(side: int = 4096, edit: int = 1024, runs: int = 60) -> dict[str, Any]:
    """Goal 17: how long `accept` keeps its caller, while older pixels are still being written."""
    taken, own = [], []
    with _document(with_alpha(photo(side, side))) as document:
        for turn in range(runs):
            x = (37 + 200 * turn) % (side - edit)
            node = _edit(document, Rect(x, x, edit, edit), turn)
            began, busy = time.perf_counter(), time.thread_time()
            document.accept(node)
            taken.append(time.perf_counter() - began)
            own.append(time.thread_time() - busy)  # without waiting for a processor
    taken.sort()
    return {
        "median_s": statistics.median(taken),
        "p95_s": taken[int(len(taken) * 0.95)],
        "max_s": taken[-1],
        "own_max_s": max(own),
        "target_s": 0.001,
    }


# -- goal 15 -------------------------------------------------------------------------------------
def hundred_edits(side: int = 8192, edits: int = 100) -> dict[str, Any]:
    """Goal 15: memory of 100 edits of 1024² when written tiles leave memory; undo, redo time."""
    process = psutil.Process()
    rng = np.random.default_rng(4)
    with _document(with_alpha(photo(side, side))) as document:
        budget = document.store.budget
        before = process.memory_info().rss
        rects = []
        for turn in range(edits):
            x, y = (int(v) for v in rng.integers(0, side - 1024, 2))
            rects.append(Rect(x, y, 1024, 1024))
            document.accept(_edit(document, rects[-1], turn))
            document.wait_for_room()
        document.flush()
        grown = process.memory_info().rss - before
        undo: list[tuple[float, float]] = []
        redo: list[tuple[float, float]] = []
        for step, taken in ((document.undo, undo), (document.redo, redo)):
            for turn in range(10):
                rect = rects[-1 - turn] if step == document.undo else rects[-10 + turn]
                began = time.perf_counter()
                step()
                picture = document.history.current.picture
                assert picture is not None
                moved = time.perf_counter() - began
                picture.image.read(rect)  # what the canvas asks for again
                taken.append((moved, time.perf_counter() - began))
        size = document.path.stat().st_size
    return {
        "grown_bytes": grown,
        "cache_budget_bytes": budget,
        "copies_bytes": edits * side * side * 4,
        "memory_ratio": edits * side * side * 4 / max(grown, 1),
        "limit_bytes": 0.7 * 2**30,
        "file_bytes": size,
        "undo_call_s": statistics.median(m for m, _ in undo),
        "undo_with_read_s": statistics.median(a for _, a in undo),
        "redo_with_read_s": statistics.median(a for _, a in redo),
    }


def large_picture(edits: int = 20, width: int = 6000, height: int = 4000) -> dict[str, Any]:
    """Acceptance: 24 megapixels of 16 bit, every pixel changed 20 times; the process's peak."""
    process = psutil.Process()
    peak, over = 0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not over.wait(0.02):
            peak = max(peak, process.memory_info().rss)

    image = Image.from_array(deep_rows(photo(width, height)))
    watcher = threading.Thread(target=watch)
    watcher.start()
    blocks: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        document = Document.create(Picture.of(image), label="x", state_dir=Path(folder))
        del image
        began = time.perf_counter()
        for turn in range(edits):
            document.wait_for_room()
            blocks.append(_accept_whole(document, turn))
        document.flush()
        wall = time.perf_counter() - began
        document.close()
        size = document.path.stat().st_size
        began = time.perf_counter()
        with Document.open(document.path) as again:
            opened = time.perf_counter() - began
            assert len(again.history.nodes) == edits + 1
    over.set()
    watcher.join()
    blocks.sort()
    return {
        "peak_rss_bytes": peak,
        "limit_bytes": 1.5e9,
        "edits": edits,
        "wall_s": wall,
        "accept_median_s": statistics.median(blocks),
        "accept_max_s": blocks[-1],
        "file_bytes": size,
        "open_s": opened,
    }


def _accept_whole(document: Document, turn: int) -> float:
    current = document.history.current
    assert current.picture is not None
    source = current.picture.image

    def changed(rect: Rect) -> NDArray[Any]:
        pixels = source.read(rect)
        pixels += np.uint16(turn * 31 + 1)
        return pixels

    image = Image.build(source.width, source.height, 3, "uint16", changed)
    made = Candidate(
        EditRequest("x", None, Instruction("x"), "adjust", 1, (), turn), Patch((("a", turn),))
    )
    node = HistoryNode(new_id(), current.id, Picture.of(image), "x", time.time(), (made,), (made,))
    began = time.perf_counter()
    document.accept(node)
    return time.perf_counter() - began


BENCHES: dict[str, Callable[[], dict[str, Any]]] = {
    "large_picture": large_picture,
    "packing": packing,
    "commit_against_png": commit_against_png,
    "ui_block": ui_block,
    "hundred_edits": hundred_edits,
}


def main() -> None:
    """Run the named benches (all without names) and print or write JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--json", type=Path, default=None)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    asked = parser.parse_args()
    results = {name: BENCHES[name]() for name in asked.names or BENCHES}
    text = json.dumps(results, indent=1)
    if asked.json is None:
        print(text)
    else:
        asked.json.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
