"""The one place where this suite touches the program; renamed modules are followed here alone."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import patch

from app.__main__ import main
from app.cli import demo
from editor.messages import Message
from editor.model.edit import Candidate
from editor.model.history import HistoryNode
from editor.model.image import Image
from editor.model.ranking import Ranking
from editor.model.score import Score
from editor.ranking.reasons import code_and_values
from editor.render.result_blend import ResultBlend, render_blend
from editor.storage.document import Document, StoredJob, describe_document, verify

__all__ = [
    "Candidate",
    "Document",
    "HistoryNode",
    "Image",
    "Message",
    "Ranking",
    "Score",
    "StoredJob",
    "code_and_values",
    "command",
    "describe_document",
    "made_again",
    "verify",
]

ROOT = Path(__file__).resolve().parents[2]
STARTER = ROOT / "resources" / "models" / "starter"


def command(argv: Sequence[str]) -> int:
    """The program with these words, in this process; its exit code."""
    try:
        return main(list(argv))
    except SystemExit as end:
        return int(end.code or 0)


def no_window() -> AbstractContextManager[object]:
    """The terminal's demo draws no picture of the window: that is another process and slow."""
    return patch.object(demo, "screenshot", lambda path: None)


def made_again(node: HistoryNode, source: Image) -> Image:
    """The pixels of an idea, made again from what the document keeps of it."""
    return render_blend(source, ResultBlend.of_node(node), node.selection)
