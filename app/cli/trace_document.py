"""A trace as a document: a path of pictures, each with its prompt as a note."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Final

from app.cli.marked_change import marked
from app.cli.sheet import text_card
from editor.errors import UnsupportedImage
from editor.formats import open_image
from editor.model.history import HistoryNode, new_id
from editor.model.image import Image
from editor.model.picture import Picture
from editor.model.prompt_edit.prompt_edit import prompt_edit
from editor.model.trace import Trace, TraceStep
from editor.storage.document import Document

_CARD: Final = (512, 512)


def write_trace_document(trace: Trace, file: Path, folder: Path) -> int:
    """Write the kept steps of a trace as the path of a document.

    Args:
        trace: with at least one kept step.
        file: the document; one that is there is replaced as a whole.
        folder: where the pictures that the steps name lie.

    Returns:
        How many steps had no picture there and are drawn as cards with their words.
    """
    drawn = 0
    now = time.time()
    pictures: list[Picture] = []
    for step in trace.kept:
        image = _picture(step, folder)
        if image is None:
            drawn += 1
            image = Image.from_array(text_card(step.prompt or step.instruction or "…", _CARD))
        pictures.append(Picture.of(image))
    steps = trace.kept
    first = steps[0].prompt or steps[0].caption or trace.id
    with Document.create(pictures[0], label=first, state_dir=file.parent, path=file) as document:
        parent = document.history.head
        assert parent is not None
        _note(document, parent, steps[0], trace.source)
        for i in range(1, len(steps)):
            moment = steps[i].time
            node = HistoryNode(
                new_id(),
                parent,
                pictures[i],
                label_of(steps[i - 1], steps[i]),
                now + i if moment is None else moment,
                kind="import",
            )
            document.accept(node)
            _note(document, node.id, steps[i], "")
            parent = node.id
    return drawn


def label_of(before: TraceStep, after: TraceStep) -> str:
    """What a step is called: what was asked, else how the prompt changed."""
    if after.instruction:
        return after.instruction
    changes = prompt_edit(before.prompt, after.prompt).changes
    return ", ".join(marked(change) for change in changes) or after.prompt


def _picture(step: TraceStep, folder: Path) -> Image | None:
    """The picture of a step; None where there is none that can be read."""
    file = folder / step.picture
    if (
        not step.picture
        or not file.is_file()
        or not file.resolve().is_relative_to(folder.resolve())
    ):
        return None
    try:
        return open_image(file).image
    except UnsupportedImage:
        return None


def _note(document: Document, node: str, step: TraceStep, source: str) -> None:
    lines = [line for line in (step.prompt, step.caption, source) if line]
    if lines:
        document.note(node, "\n".join(lines))
