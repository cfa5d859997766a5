"""An artist at work without a window: asks, looks, keeps. Used by `make_documents.py` only."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from editor.formats import open_image
from editor.model.edit import Candidate, Instruction
from editor.model.history import HistoryNode, new_id
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.picture import Picture
from editor.model.ranking import Ranking
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.rank import rank
from editor.render.result_blend import ResultBlend, render_blend
from editor.storage.document import Document
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob
from inference.request.jobs import (
    CandidateReady,
    Event,
    JobFailed,
    ScoreReady,
    new_job_id,
)
from inference.workflow.engine import Engine

CLOCK = {"now": 1_700_000_000.0}
"""Seconds since 1970, as the documents will say; each thing done takes three."""


def now() -> float:
    """A later moment than the last."""
    CLOCK["now"] += 3.0
    return CLOCK["now"]


@dataclass
class Results:
    """What one job made, as a window holds it."""

    job: str
    parent: str
    selection: Selection | None
    candidates: list[Candidate] = field(default_factory=list)
    scores: list[Score] = field(default_factory=list)
    ranking: Ranking = field(default_factory=Ranking)


class Artist:
    """A document and what is done to it, in the order and with the calls of the window."""

    def __init__(self, folder: Path, name: str, picture: Path, models: Path | None = None) -> None:
        opened = open_image(picture)
        self.engine = Engine(ModelStore((models,), folder / "digests.json") if models else None)
        self.document = Document.create(
            Picture.of(opened.image, picture.name),
            label=picture.name,
            state_dir=folder,
            path=folder / f"{name}.pentimento",
            source=opened.source,
        )
        self.document.flush()

    @property
    def head(self) -> str:
        """Where the artist is."""
        assert self.document.history.head
        return self.document.history.head

    def image(self, node_id: str | None = None) -> Image:
        """The pixels of an idea."""
        picture = self.document.history.nodes[node_id or self.head].picture
        assert picture is not None
        return picture.image

    def ask(
        self,
        text: str,
        *,
        selection: Selection | None = None,
        count: int = 3,
        seed: int = 0,
        methods: tuple[str, ...] = (),
        ranked: bool = True,
        captions: tuple[str, str] = ("", ""),
        **settings: Any,
    ) -> Results:
        """Say something; the results are shown and stored, none is kept."""
        source, told = self.image(), list[Event]()
        fixed = settings_of(settings)
        job = EditJob(
            (Instruction(text, *captions),),
            source,
            selection,
            methods=methods,
            count=count,
            seed=seed,
            settings=fixed,
            ask=False,
        )
        self._run(job, told)
        results = Results(new_job_id(), self.head, selection)
        for event in told:
            if isinstance(event, CandidateReady):
                results.candidates.append(event.candidate)
                self.document.add_candidate(results.job, self.head, event.candidate, selection)
            elif isinstance(event, ScoreReady):
                results.scores.append(event.score)
        if ranked:
            results.ranking = rank(results.scores)
            self.document.set_ranking(results.job, results.ranking, results.scores)
        return results

    def keep(
        self,
        results: Results,
        place: int = 0,
        *,
        opacity: float = 1.0,
        second: int | None = None,
        paint: Selection | None = None,
        finished: bool = True,
    ) -> str:
        """Keep a result, by its place in the ranking; `finished`: its pixels are made too."""
        order = [one.key for one in results.ranking.places]
        chosen = [results.candidates[0]] if not order else []
        for wanted in (place, second):
            if wanted is not None and order:
                chosen += [c for c in results.candidates if c.key == order[wanted]]
        node = HistoryNode(
            id=new_id(),
            parent=results.parent,
            picture=None,
            label=chosen[0].request.instruction.text,
            time=now(),
            candidates=tuple(chosen),
            siblings=tuple(results.candidates),
            ranking=results.ranking,
            opacity=opacity,
            paint=paint,
            selection=results.selection,
            kind="paint" if len(chosen) == 2 else "edit",
        )
        self.document.accept(node)
        if finished:
            made = render_blend(
                self.image(results.parent), ResultBlend.of_node(node), results.selection
            )
            self.document.complete(node.id, Picture.of(made))
        self.document.flush()
        return node.id

    def bring(self, picture: Path | Image, name: str, kind: str = "import") -> str:
        """A picture from elsewhere as a root of its own."""
        image = picture if isinstance(picture, Image) else open_image(picture).image
        node = HistoryNode(new_id(), None, Picture.of(image, name), name, now(), kind=kind)
        self.document.accept(node)
        self.document.flush()
        return node.id

    def done(self) -> Path:
        """Close the document; its file."""
        self.document.flush()
        path = self.document.path
        self.document.close()
        return path

    def _run(self, job: EditJob, told: list[Event]) -> None:
        self.engine.run(job, told.append, CancelToken())
        for event in told:
            if isinstance(event, JobFailed):
                raise RuntimeError(f"{event.message} {event.details}")


def selected(
    width: int, height: int, box: tuple[int, int, int, int], feather: float = 0
) -> Selection:
    """An ellipse in a box of x, y, width, height."""
    left, top, across, down = box
    y, x = np.mgrid[0:height, 0:width]
    a = (2 * (x - left) - across + 1) * down
    b = (2 * (y - top) - down + 1) * across
    inside = a * a + b * b <= (across * down) ** 2
    return Selection.from_array((inside * 255).astype(np.uint8)).feathered(feather)
