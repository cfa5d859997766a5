"""Everything a document says of itself, as JSON values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.characterisation import pictures
from tests.characterisation.documents.store import unpacked
from tests.characterisation.product import (
    Candidate,
    Document,
    HistoryNode,
    Image,
    Message,
    Ranking,
    Score,
    StoredJob,
    code_and_values,
    describe_document,
    made_again,
    verify,
)
from tests.characterisation.running import called, surroundings


def told(name: str, folder: Path) -> dict[str, Any]:
    """What a committed document shows, read from a copy that nobody may write."""
    file = unpacked(name, folder)
    file.chmod(0o444)
    before = file.read_bytes()
    with surroundings(folder, {"PENTIMENTO_HOME": str(folder / "home")}):
        code, out, _ = called(("history", file.name, "--json"))
        _, words, _ = called(("history", file.name))
    described = describe_document(file)
    wanted = 3 if described["warning"] else 0
    values: dict[str, Any] = {
        "history --json": "as described" if (code, json.loads(out)) == (wanted, described) else out,
        "history": words.splitlines(),
        "described": described,
        "verified": _report(file),
    }
    document = Document.open(file, read_only=True)
    try:
        values |= _document(document)
    finally:
        document.close()
    values["untouched"] = file.read_bytes() == before
    return values


def finished(name: str, folder: Path) -> dict[str, str]:
    """Opens a copy to write in, makes what an interruption left unmade, opens it again."""
    folder.mkdir()
    file = unpacked(name, folder)
    document = Document.open(file)
    try:
        for node_id in document.pending():
            node = document.history.nodes[node_id]
            assert node.parent is not None
            parent = document.history.nodes[node.parent].picture
            assert parent is not None
            picture = type(parent).of(made_again(node, parent.image))
            document.complete(node_id, picture).result()
    finally:
        document.close()
    again = Document.open(file)
    try:
        assert not again.pending()
        nodes = again.history.nodes.values()
        return {n.id: pictures.exact(n.picture.image.array()) for n in nodes if n.picture}
    finally:
        again.close()


def _report(file: Path) -> dict[str, Any]:
    report = verify(file)
    values = {name: _plain(value) for name, value in vars(report).items()}
    return {"ok": report.ok, "sentence": str(report.sentence), **values}


def _document(document: Document) -> dict[str, Any]:
    history = document.history
    return {
        "title": document.title,
        "untitled": document.is_untitled,
        "read_only": document.read_only,
        "damaged": list(document.damaged),
        "pending": list(document.pending()),
        "head": history.head,
        "trail": list(history.trail),
        "roots": list(history.roots()),
        "starred": sorted(history.starred),
        "names": dict(history.names),
        "notes": dict(history.notes),
        "draft": document.draft,
        "dismissed": sorted(document.dismissed),
        "told": sorted(document.given_notices),
        "captions": dict(document.captions),
        "pinned": [
            {"kind": s.kind, "reason": str(s.reason), **vars(s.instruction)}
            for s in document.pinned.values()
        ],
        "nodes": {node.id: _node(document, node) for node in history.nodes.values()},
        "results": {
            node_id: [_job(job) for job in document.results(node_id)] for node_id in history.nodes
        },
    }


def _node(document: Document, node: HistoryNode) -> dict[str, Any]:
    source = document.source(node.id)
    values = {
        "parent": node.parent,
        "children": list(document.history.children(node.id)),
        "kind": node.kind,
        "label": node.label,
        "time": node.time,
        "opacity": node.opacity,
        "selection": node.selection and pictures.exact(node.selection.array()),
        "paint": node.paint and pictures.exact(node.paint.array()),
        "candidates": [candidate.key for candidate in node.candidates],
        "siblings": [candidate.key for candidate in node.siblings],
        "ranking": [place.key for place in node.ranking.places],
        "layers": [layer.name for layer in node.picture.layers] if node.picture else None,
        "image": _image(node.picture.image) if node.picture else None,
        "source": source
        and {
            "name": source.name,
            "format": source.format,
            "data": source.data and pictures.digest(source.data),
        },
    }
    values["made again"] = _again(document, node)
    return values


def _again(document: Document, node: HistoryNode) -> Any:
    """The pixels, made from what is stored: the stored ones, unless these were not finished."""
    parent = document.history.nodes[node.parent].picture if node.parent else None
    if parent is None or not node.candidates:
        return None
    image = made_again(node, parent.image)
    if node.picture is not None and image.equals(node.picture.image):
        return "the same"
    return _image(image)


def _image(image: Image) -> dict[str, Any]:
    meta, pixels = image.meta, image.array()
    return {
        "size": [image.width, image.height],
        "samples": f"{image.channels} × {image.dtype}",
        "pixel_digest": image.pixel_digest,
        "pixels": pictures.exact(pixels),
        "icc": meta.icc and pictures.digest(meta.icc),
        "dpi": meta.dpi and list(meta.dpi),
        "exif": meta.exif and pictures.digest(meta.exif),
        "text": [list(entry) for entry in meta.text],
    }


def _job(job: StoredJob) -> dict[str, Any]:
    return {
        "job": job.job,
        "parent": job.parent,
        "time": job.time,
        "selection": job.selection and pictures.exact(job.selection.array()),
        "candidates": [_candidate(candidate) for candidate in job.candidates],
        "scores": [_score(score) for score in job.scores],
        "ranking": job.ranking and _ranking(job.ranking),
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    patch = candidate.patch
    place, pixels = patch.placement, patch.pixels
    return {
        "key": candidate.key,
        "request": candidate.request.to_json(),
        "parameters": _plain(patch.parameters),
        "placement": place and _plain((place.crop, place.scale, place.padding)),
        "pixels": None if pixels is None else pictures.exact(pixels),
        "patch": patch.digest,
        "recorded": _plain([pair for pair in candidate.recorded if pair[0] != "seconds"]),
    }


def _score(score: Score) -> dict[str, Any]:
    return {
        "key": score.key,
        **score.figures(),
        "extra": _plain(score.extra),
        "reasons": [str(reason) for reason in score.reasons],
        "basis": score.basis,
        "absent": score.absent,
        "gates": score.gates and dict(vars(score.gates)),
    }


def _ranking(ranking: Ranking) -> list[dict[str, Any]]:
    return [
        {
            "key": place.key,
            "rank": place.rank,
            "passed": place.passed,
            "reason": place.reason,
            "clauses": [_clause(clause) for clause in place.clauses],
            "score": place.score and place.score.key,
        }
        for place in ranking.places
    ]


def _clause(clause: Message) -> list[Any]:
    """A clause as documents had it before there were messages."""
    code, values = code_and_values(clause)
    return [code, *values]


def _plain(value: Any) -> Any:
    """Tuples as lists, all the way down."""
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return value
