"""Small pictures, candidates and comparisons that the document's tests share."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import History, HistoryNode, new_id
from editor.model.image import Image, Metadata
from editor.model.model_ref import ModelRef
from editor.model.patch import Patch, Placement, settings_of
from editor.model.picture import Picture
from editor.model.ranking import Ranked, Ranking
from editor.model.rect import Rect
from editor.model.score import Score
from editor.model.selection import Selection
from editor.storage.document import Document


def an_image(
    seed: int = 0, size: tuple[int, int] = (300, 270), dtype: str = "uint8", channels: int = 3
) -> Image:
    """Noise, width × height."""
    width, height = size
    top = np.iinfo(dtype).max
    pixels = np.random.default_rng(seed).integers(0, top, (height, width, channels), dtype)
    return Image.from_array(pixels, Metadata(icc=b"profile", dpi=(72, 72.5), text=(("a", "b"),)))


def a_picture(seed: int = 0, size: tuple[int, int] = (300, 270)) -> Picture:
    return Picture.of(an_image(seed, size), "layer")


def edited(picture: Picture, seed: int) -> Picture:
    """The picture with one random rectangle changed."""
    rng = np.random.default_rng(seed)
    image = picture.image
    x, y = int(rng.integers(0, image.width - 1)), int(rng.integers(0, image.height - 1))
    rect = Rect(x, y, int(rng.integers(1, 90)), int(rng.integers(1, 90))).intersect(image.bounds)
    top = image.maximum
    patch = rng.integers(0, top, (rect.height, rect.width, image.channels), image.dtype)
    return Picture.of(image.replace(rect, patch), picture.layers[0].name)


def a_candidate(seed: int = 0, *, sampled: bool = False, source: str = "source") -> Candidate:
    request = EditRequest(
        source, None, Instruction(f"warmer {seed}"), "adjust", 1, settings_of({"a": [1, 0.5]}), seed
    )
    patch = Patch((("exposure", 0.25), ("curve", (0.0, 0.5, 1.0))))
    if sampled:
        pixels = np.random.default_rng(seed).random((40, 50, 3)).astype(np.float16)
        patch = Patch((), pixels, Placement(Rect(0, 0, 300, 270), 0.16, (1, 2, 3, 4)))
        model = ModelRef("instruct_pix2pix", "owner/name", "instruct-pix2pix", f"{seed:040x}")
        request = replace(request, models=(model,))
    return Candidate(request, patch, (("device", "cpu"), ("seconds", 0.25)))


def a_ranking(*candidates: Candidate) -> Ranking:
    return Ranking(
        tuple(
            Ranked(c.key, i + 1, i == 0, f"reason {i}", Score(c.key, direction=0.1 * i))
            for i, c in enumerate(candidates)
        )
    )


def a_node(
    history: History,
    seed: int = 0,
    *,
    parent: str | None = None,
    picture: bool = True,
    selection: Selection | None = None,
) -> HistoryNode:
    """An edit of `parent` (default: the head) that changed one rectangle."""
    start = parent or history.head
    assert start is not None
    source = history.nodes[start].picture
    chosen, other = a_candidate(seed), a_candidate(seed + 1000, sampled=True)
    return HistoryNode(
        new_id(),
        start,
        edited(source, seed) if picture and source is not None else None,
        f"edit {seed}",
        time.time(),
        candidates=(chosen,),
        siblings=(chosen, other),
        ranking=a_ranking(chosen, other),
        opacity=0.75,
        selection=selection,
    )


def a_document(folder: Path, *, path: Path | None = None, seed: int = 0) -> Document:
    return Document.create(a_picture(seed), label="photo.png", state_dir=folder, path=path)


def reopened(document: Document) -> Document:
    document.close()
    return Document.open(document.path)


def assert_same_history(found: History, expected: History) -> None:
    """Equal in every respect, down to the pixels' digests."""
    assert list(found.nodes) == list(expected.nodes)
    assert found.head == expected.head
    assert found.trail == expected.trail
    assert found.starred == expected.starred
    assert dict(found.names) == dict(expected.names)
    assert dict(found.notes) == dict(expected.notes)
    for node_id, node in expected.nodes.items():
        assert_same_node(found.nodes[node_id], node)


def assert_same_node(found: HistoryNode, expected: HistoryNode) -> None:
    for name in ("id", "parent", "label", "time", "opacity", "kind", "ranking"):
        assert getattr(found, name) == getattr(expected, name), name
    assert (found.picture is None) == (expected.picture is None)
    if found.picture is not None and expected.picture is not None:
        assert found.picture.pixel_digest == expected.picture.pixel_digest
        assert found.picture.image.meta == expected.picture.image.meta
    for mine, theirs in (
        (found.candidates, expected.candidates),
        (found.siblings, expected.siblings),
    ):
        assert [c.request for c in mine] == [c.request for c in theirs]
        assert [c.recorded for c in mine] == [c.recorded for c in theirs]
        assert [c.patch.digest for c in mine] == [c.patch.digest for c in theirs]
    for a, b in ((found.selection, expected.selection), (found.paint, expected.paint)):
        assert (a.digest if a else None) == (b.digest if b else None)
