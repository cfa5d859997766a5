"""A document's tree as plain JSON values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from editor.model.history import HistoryNode
from editor.storage.file import DocumentFile, absolute


def describe_document(path: Path) -> dict[str, Any]:
    """The tree as plain JSON values, for `pentimento history FILE --json`; what can be read.

    Raises:
        DamagedDocument, NewerDocument, ExpectedError: as `Document.open`.
    """
    loaded = DocumentFile(absolute(path)).load()
    history, damage = loaded.history, loaded.damage
    return {
        "nodes": [
            {
                "id": node.id,
                "parent": node.parent,
                "label": history.label(node.id),
                "time": node.time,
                "starred": node.id in history.starred,
                "pixel_digest": None if node.picture is None else node.picture.pixel_digest,
                "candidates": _describe_candidates(node),
            }
            for node in history.nodes.values()
        ],
        "head": history.head,
        "damaged": list(loaded.damaged),
        "warning": None if damage is None else str(damage),
    }


def _describe_candidates(node: HistoryNode) -> list[dict[str, Any]]:
    made = {candidate.key for candidate in node.candidates}
    described = []
    for candidate in node.siblings or node.candidates:
        request, place = candidate.request, node.ranking.place(candidate.key)
        models = [model.to_json() for model in request.models]
        described.append(
            {
                "key": candidate.key,
                "chosen": candidate.key in made,
                "instruction": request.instruction.text,
                "method": request.method,
                "seed": request.seed,
                "settings": request.to_json()["settings"],
                **({"models": models} if models else {}),
                "rank": None if place is None else place.rank,
                "passed": None if place is None else place.passed,
                "reason": None if place is None else place.reason,
            }
        )
    return described
