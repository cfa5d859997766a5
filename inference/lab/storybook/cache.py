"""Tens of thousands of gold pairs on disk as memory maps, made by several processes, resumable."""

from __future__ import annotations

import json
import multiprocessing
import os
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from inference.lab.storybook.edits import EDIT_KINDS, Edit, gold, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical
from inference.starter.scene import ATTRIBUTES, Scene, from_attributes

_CHUNK: Final = 500
_NAMES: Final = ("source", "gold", "mask")


@dataclass(frozen=True)
class Cache:
    """Gold pairs of the training split.

    Attributes:
        source, gold: (N, S, S, 3) uint8 sRGB memory maps.
        mask: (N, S, S) uint8 memory map, 255 where the edit may change something.
        attributes: (N, 2, A) int8, before and after: the index of each attribute's value in
            `ATTRIBUTES`, −1 for the colour of a second object that is not there.
        rows: one mapping per pair: ``attributes``, ``gold_attributes``, ``caption``,
            ``gold_caption``, ``instruction``, ``edit_type``, ``edit_attribute``.
    """

    source: NDArray[np.uint8]
    gold: NDArray[np.uint8]
    mask: NDArray[np.uint8]
    attributes: NDArray[np.int8]
    rows: list[dict[str, Any]]

    def edit(self, i: int) -> Edit:
        """Pair i as an `Edit`, to draw other captions and instructions for it."""
        row = self.rows[i]
        before = from_attributes(row["attributes"])
        after = from_attributes(row["gold_attributes"])
        return Edit(row["edit_type"], row["edit_attribute"], before, after)


def cache_folder() -> Path:
    """Where training data lies: ``$PENTIMENTO_TRAINING`` or a folder in the user's cache."""
    chosen = os.environ.get("PENTIMENTO_TRAINING")
    return Path(chosen) if chosen else Path.home() / ".cache" / "pentimento-training"


def attribute_indices(scene: Scene) -> list[int]:
    """The value of each attribute as an index into `ATTRIBUTES`, in its order."""
    out = [values.index(getattr(scene, name)) for name, values in ATTRIBUTES.items()]
    if scene.second == "none":
        out[list(ATTRIBUTES).index("second_colour")] = -1
    return out


def training_edit(seed: int, i: int, *, unseen: bool = False) -> tuple[Edit, np.random.Generator]:
    """Edit i of a training set, which depends on seed and i only, and its generator."""
    rng = np.random.default_rng((seed, i))
    return sample_edit(rng, EDIT_KINDS[i % len(EDIT_KINDS)], unseen=unseen), rng


def world_digest(seed: int, size: int) -> str:
    """A digest of what the renderer makes of a few scenes: two worlds never share a cache."""
    digest = blake2b(digest_size=16)
    for i in range(32):
        pixels = gold(training_edit(seed, i)[0], size)
        for name in ("source", "target", "mask"):
            digest.update(getattr(pixels, name).tobytes())
    return digest.hexdigest()


def _shapes(count: int, size: int) -> dict[str, tuple[int, ...]]:
    picture = (count, size, size, 3)
    return {"source": picture, "gold": picture, "mask": picture[:3]}


def _fill(job: tuple[str, int, int, int, int, bool]) -> int:
    """Make one chunk; its rows file appears last and marks it as done."""
    folder, start, stop, seed, size, unseen = Path(job[0]), *job[1:]
    maps = [np.load(folder / f"{name}.npy", mmap_mode="r+") for name in _NAMES]
    lines = []
    for i in range(start, stop):
        edit, rng = training_edit(seed, i, unseen=unseen)
        pixels = gold(edit, size)
        for target, made in zip(maps, (pixels.source, pixels.target, pixels.mask), strict=True):
            target[i] = made
        row = {
            "attributes": edit.source.attributes(),
            "gold_attributes": edit.target.attributes(),
            "caption": canonical(edit.source),
            "gold_caption": canonical(edit.target),
            "instruction": instruct(edit, rng).text,
            "edit_type": edit.kind,
            "edit_attribute": edit.attribute,
        }
        lines.append(json.dumps(row))
    for target in maps:
        target.flush()
    part = folder / f".rows-{start:06d}"
    part.write_text("\n".join(lines) + "\n", encoding="utf-8")
    part.replace(folder / f"rows-{start:06d}.jsonl")
    return stop - start


def _prepare(folder: Path, meta: dict[str, object]) -> None:
    """Create the maps, or check that what is there belongs to the same set."""
    path = folder / "meta.json"
    if path.exists():
        if json.loads(path.read_text(encoding="utf-8")) != meta:
            raise FileExistsError(f"{folder} holds another training set; remove it first")
        return
    folder.mkdir(parents=True, exist_ok=True)
    for name, shape in _shapes(int(str(meta["count"])), int(str(meta["size"]))).items():
        made = np.lib.format.open_memmap(
            folder / f"{name}.npy", mode="w+", dtype=np.uint8, shape=shape
        )
        made.flush()
    path.write_text(json.dumps(meta), encoding="utf-8")


def build_cache(
    folder: Path | str | None = None,
    count: int = 60_000,
    seed: int = 0,
    size: int = 128,
    workers: int = 2,
    *,
    unseen: bool = False,
) -> Path:
    """Make the training set, or go on where an earlier call was interrupted.

    Args:
        folder: where to; by default ``storybook-<size>`` in `cache_folder`.
        count: number of pairs; about 115 kB each at 128 px.
        seed: what they are drawn from; pair i does not depend on ``count``.
        size: side in pixels.
        workers: processes; 1 works in this one.
        unseen: edits outside the training split instead, for the judge alone.

    Returns:
        The folder, to be opened with `open_cache`.

    Raises:
        FileExistsError: if the folder holds a set made with other arguments or another renderer.
    """
    folder = Path(folder) if folder is not None else cache_folder() / f"storybook-{size}"
    meta: dict[str, object] = {"count": count, "seed": seed, "size": size}
    meta |= {"world": world_digest(seed, size)} | ({"unseen": True} if unseen else {})
    _prepare(folder, meta)
    jobs = [
        (str(folder), start, min(start + _CHUNK, count), seed, size, unseen)
        for start in range(0, count, _CHUNK)
        if not (folder / f"rows-{start:06d}.jsonl").exists()
    ]
    if workers > 1 and len(jobs) > 1:
        with multiprocessing.get_context("spawn").Pool(workers) as pool:
            for _ in pool.imap_unordered(_fill, jobs):
                pass
    else:
        for job in jobs:
            _fill(job)
    _finish(folder)
    return folder


def _finish(folder: Path) -> None:
    """Join the rows of all chunks, which makes the set complete."""
    if (folder / "pairs.jsonl").exists():
        return
    part = folder / ".pairs"
    with part.open("w", encoding="utf-8") as out:
        for rows in _finished_parts(folder):
            out.write(rows.read_text(encoding="utf-8"))
    part.replace(folder / "pairs.jsonl")


def open_cache(
    folder: Path | str | None = None, size: int = 128, *, partial: bool = False
) -> Cache:
    """Open a training set; the pictures stay on disk until they are looked at.

    Args:
        folder: where `build_cache` put it; by default ``storybook-<size>`` in `cache_folder`.
        size: side in pixels, for the default folder's name.
        partial: while the set is still being made, open the finished pairs at its beginning.

    Raises:
        FileNotFoundError: if it is not there, or not finished and ``partial`` is off.
    """
    folder = Path(folder) if folder is not None else cache_folder() / f"storybook-{size}"
    files = [folder / "pairs.jsonl"]
    if not files[0].exists():
        files = _finished_parts(folder) if partial else []
    if not files:
        raise FileNotFoundError(f"no finished training set in {folder}; run build_cache first")
    rows = [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines()]
    indices = np.array(
        [
            [attribute_indices(from_attributes(row[n])) for n in ("attributes", "gold_attributes")]
            for row in rows
        ],
        np.int8,
    )
    maps = {name: np.load(folder / f"{name}.npy", mmap_mode="r")[: len(rows)] for name in _NAMES}
    return Cache(**maps, attributes=indices, rows=rows)


def _finished_parts(folder: Path) -> list[Path]:
    """The rows files from the first on, up to the first gap."""
    parts: list[Path] = []
    while (part := folder / f"rows-{len(parts) * _CHUNK:06d}.jsonl").exists():
        parts.append(part)
    return parts
