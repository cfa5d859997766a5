"""Rendering styles: what the hand and the paper do to a finished flat picture.

Every style works from pixel neighbourhoods of fixed textures, never from statistics of the whole
picture, so that an edit in one place leaves the rest of the sheet as it was.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from editor.render.color import Floats

Bytes = NDArray[np.uint8]


def smooth_noise(size: int, cells: int, seed: int) -> Floats:
    """Value noise, (size, size) float32 in -1..1, with ``cells`` lumps across the sheet."""
    grid = np.random.default_rng(seed).uniform(-1, 1, (cells + 2, cells + 2)).astype(np.float32)
    at = (np.arange(size, dtype=np.float32) + 0.5) / size * cells
    low = at.astype(int)
    t = at - low
    t = t * t * (3 - 2 * t)
    rows = grid[low] * (1 - t)[:, None] + grid[low + 1] * t[:, None]
    out: Floats = rows[:, low] * (1 - t) + rows[:, low + 1] * t
    return out


def _box(image: Floats, r: int) -> Floats:
    """Mean over a (2r+1)² window, edges repeated.

    Shifted sums, not running ones: those carry rounding from far pixels, and then an edit in one
    corner would change bytes in another.
    """
    n = 2 * r + 1
    for axis in (0, 1):
        pad = [(0, 0)] * image.ndim
        pad[axis] = (r, r)
        padded = np.pad(image, pad, mode="edge")
        length = image.shape[axis]
        total = np.zeros_like(image)
        for k in range(n):
            total += padded[k : k + length] if axis == 0 else padded[:, k : k + length]
        image = total / np.float32(n)
    return image


@lru_cache(maxsize=4)
def _watercolour_paper(size: int) -> tuple[NDArray[np.intp], Floats, Floats]:
    wobble = size * 0.009
    dx = smooth_noise(size, 22, 1) * wobble + smooth_noise(size, 9, 2) * wobble
    dy = smooth_noise(size, 22, 3) * wobble + smooth_noise(size, 9, 4) * wobble
    ys, xs = np.mgrid[:size, :size].astype(np.float32)
    index = np.clip(np.rint(ys + dy), 0, size - 1) * size + np.clip(np.rint(xs + dx), 0, size - 1)
    pool = 0.13 + 0.11 * smooth_noise(size, 6, 5) + 0.07 * smooth_noise(size, 17, 6)
    pool = pool + 0.05 * smooth_noise(size, min(size // 2, 150), 7)
    pigment = np.clip(pool, 0.0, 0.5)
    edge = np.minimum.reduce([xs, ys, size - 1 - xs, size - 1 - ys]) / size
    edge = edge + 0.014 * smooth_noise(size, 16, 8) + 0.008 * smooth_noise(size, 40, 9)
    border = np.clip((edge - 0.022) / 0.014, 0, 1).astype(np.float32)
    return index.astype(np.intp), pigment[..., None], border[..., None]


def watercolour(image: Bytes) -> Bytes:
    """Wobbling washes that pool at their rims, on white paper with a ragged border."""
    size = image.shape[0]
    index, pigment, border = _watercolour_paper(size)
    moved = image.reshape(-1, 3)[index].astype(np.float32) / 255.0
    r = max(1, size // 360)
    soft = _box(moved, r)
    if size < 256:
        # One pixel is much of a small picture: keep half of what it was.
        soft = (soft + moved) * np.float32(0.5)
    # Pigment gathers where a wash ends: darken where the picture is darker than around it.
    rim = np.clip((_box(soft, max(3, size // 64)) - soft).mean(-1, keepdims=True), 0.0, 0.2)
    paper = np.array((0.992, 0.984, 0.964), np.float32)
    wash = soft + (paper - soft) * pigment
    wash = wash * (1 - 1.1 * rim)
    out = paper * (1 - border) + wash * border
    return _bytes(out)


def pixel_block(size: int) -> int:
    """Side of a pixel-art square, in pixels of a picture of the given size.

    A picture has some 32 of them at any size: what a model has learnt at 128 px is the same picture
    when it sees a large one made smaller.
    """
    return max(4, size // 32)


def pixel_art(image: Bytes) -> Bytes:
    """Large square pixels in few steps per channel."""
    size = image.shape[0]
    block = pixel_block(size)
    cells = -(-size // block)
    padded = np.pad(image, ((0, cells * block - size), (0, cells * block - size), (0, 0)), "edge")
    small = padded.reshape(cells, block, cells, block, 3).mean((1, 3))
    # A touch more saturation, then steps of lightness, which unlike steps per
    # channel leave the hue alone.
    grey = small.mean(-1, keepdims=True)
    small = grey + (small - grey) * 1.25
    tone = np.maximum(small @ np.array((0.3, 0.59, 0.11)), 1.0)[..., None]
    small = np.clip(small * (np.rint(tone / 14.0) * 14.0 / tone), 0, 255).astype(np.uint8)
    return np.repeat(np.repeat(small, block, 0), block, 1)[:size, :size]


@lru_cache(maxsize=4)
def _pencil_paper(size: int) -> tuple[Floats, Floats]:
    ys, xs = np.mgrid[:size, :size].astype(np.float32) / size
    bend = 0.012 * smooth_noise(size, 8, 11)
    strokes = np.sin((xs + ys + bend) * 2 * np.pi * 30)
    strokes = strokes + 0.5 * np.sin((xs * 1.1 + ys * 0.9 + bend) * 2 * np.pi * 47 + 1)
    grain = smooth_noise(size, min(size // 2, 220), 12)
    # In a small picture hatching is noise finer than its things: press softly there.
    fine = np.float32(min(1.0, max(0.25, (size - 96) / 160)))
    cover = 0.72 + fine * (0.15 * strokes + 0.10 * grain)
    lines = smooth_noise(size, min(size // 3, 120), 13)
    return np.clip(cover, 0.3, 1.0)[..., None].astype(np.float32), lines


def pencil(image: Bytes) -> Bytes:
    """Coloured pencil: hatching on cream paper under a graphite outline."""
    size = image.shape[0]
    cover, lines = _pencil_paper(size)
    color = image.astype(np.float32) / 255.0
    paper = np.array((0.985, 0.972, 0.94), np.float32)
    tone = color @ np.array((0.4, 0.4, 0.2), np.float32)
    # Dark areas are pressed harder: little paper shows through a night.
    cover = 1 - (1 - cover) * (0.4 + 0.6 * np.sqrt(tone))[..., None]
    out = paper + (color - paper) * cover
    r = max(1, size // 200)
    tone = np.pad(tone, r, mode="edge")
    gx = tone[r:-r, 2 * r :] - tone[r:-r, : -2 * r]
    gy = tone[2 * r :, r:-r] - tone[: -2 * r, r:-r]
    edge = np.clip(np.hypot(gx, gy) * 2.6 - 0.16, 0, 0.85) * (0.9 + 0.2 * lines)
    graphite = np.array((0.2, 0.19, 0.23), np.float32)
    out = out + (graphite - out) * edge[..., None]
    return _bytes(out)


@lru_cache(maxsize=4)
def _leads(size: int) -> tuple[NDArray[np.intp], Floats, Floats]:
    cells = 18
    rng = np.random.default_rng(21)
    jitter = rng.uniform(0.12, 0.88, (cells, cells, 2))
    grid = np.stack(np.meshgrid(np.arange(cells), np.arange(cells), indexing="ij"), -1)
    points = ((grid + jitter) / cells).astype(np.float32)
    at = (np.arange(size, dtype=np.float32) + 0.5) / size
    home = (at * cells).astype(int)
    first = np.full((size, size), 9.0, np.float32)
    second = first.copy()
    label = np.zeros((size, size), np.intp)
    for di in range(-2, 3):
        for dj in range(-2, 3):
            i = np.clip(home + di, 0, cells - 1)[:, None]
            j = np.clip(home + dj, 0, cells - 1)[None, :]
            spot = points[i, j]
            gap = np.hypot(spot[..., 0] - at[:, None], spot[..., 1] - at[None, :])
            name = i * cells + j
            closer = gap < first - 1e-7
            other = (gap < second) & (name != label) & ~closer
            second = np.where(closer, first, np.where(other, gap, second))
            label = np.where(closer, name, label)
            first = np.where(closer, gap, first)
    lead = np.clip(((second - first) - 0.0035) / 0.006, 0, 1)[..., None].astype(np.float32)
    light = (1 + 0.10 * smooth_noise(size, 40, 22))[..., None]
    return label, lead, light


def stained_glass(image: Bytes) -> Bytes:
    """Panes of coloured glass between dark leads."""
    size = image.shape[0]
    label, lead, light = _leads(size)
    flat = label.ravel()
    count = np.maximum(np.bincount(flat), 1).astype(np.float32)
    panes = np.stack(
        [np.bincount(flat, image[..., k].ravel().astype(np.float32)) / count for k in range(3)], -1
    )
    grey = panes.mean(-1, keepdims=True)
    panes = grey + (panes - grey) * 1.3
    # Half pane, half picture, so that what is shown can still be made out.
    glass = (0.6 * panes[label] + 0.4 * image).astype(np.float32) / 255.0 * light
    return _bytes(glass * lead + np.array((0.1, 0.09, 0.12), np.float32) * (1 - lead))


def _bytes(image: Floats) -> Bytes:
    return np.rint(np.clip(image, 0, 1) * 255).astype(np.uint8)


def apply_style(image: Bytes, style: str) -> Bytes:
    """A flat picture (H, W, 3) uint8 in the given style; ``"flat"`` returns it unchanged."""
    if style == "watercolour":
        return watercolour(image)
    if style == "pixel art":
        return pixel_art(image)
    if style == "pencil":
        return pencil(image)
    if style == "stained glass":
        return stained_glass(image)
    return image
