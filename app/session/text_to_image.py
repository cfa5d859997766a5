from __future__ import annotations

from dataclasses import replace

import numpy as np

from app.runtime import paths
from app.runtime.thread_pool import Ticket, Work
from app.session.changes import Changes
from app.session.results import Results, Stage
from app.session.retry import Retrying
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.request import jobs
from inference.request.registry import GENERATE

PAPER = 255


class Beginning(Retrying):
    """New pictures from words: how a document begins without one."""

    work: Work

    @property
    def begins(self) -> bool:
        """True where what is shown is a new picture and no document yet."""
        return self.results is not None and self.results.source is not None

    def begin(self, text: str, *, count: int = 4, seed: int = 0) -> None:
        """Draw new pictures; the one that is kept becomes a document of its own.

        Nothing while a document is open: what is kept there has a place in its history.
        """
        text = " ".join(text.split())
        if not text or self.document is not None:
            return
        if self.is_busy:
            self.cancel()
        self._seed = seed
        instruction = Instruction(text, target_prompt=text)
        self._open_results(Results(jobs.new_job_id(), "", instruction, source=_paper(1)))
        job = self._plan_job

        def found(side: int) -> None:
            if self.results is not None and self.results.job == job and self.is_busy:
                self._submit_drawing(instruction, side, count)

        self.work.run(_side, found, self._not_drawn, 0)

    def _submit_drawing(self, instruction: Instruction, side: int, count: int) -> None:
        assert self.results is not None
        self.results = replace(self.results, source=_paper(side))
        drawing = (GENERATE.name,)
        self._plan = replace(
            self._plan, methods=drawing, count=count, beyond=0, instruction=None, answered=True,
            settings=(), able=drawing,
        )  # fmt: skip
        self._prepare_id = jobs.new_job_id()
        self.engine.submit(
            jobs.PrepareJob(
                id=self._prepare_id, instruction=instruction, methods=drawing, count=count
            )
        )

    def _not_drawn(self, error: BaseException) -> None:
        if self.is_busy:
            self._end(Stage.FAILED)
        self.results = None
        self.fail(error)
        self.changed.emit(Changes.RESULTS | Changes.JOB | Changes.LOOK)


def _paper(side: int) -> Image:
    return Image.from_array(np.full((side, side, 3), PAPER, np.uint8))


def _side(ticket: Ticket) -> int:
    """Pixels a side of what the model draws; raises `ModelMissing`. Reads folders: worker."""
    from inference.models.store import ModelStore

    store = ModelStore(paths.models())
    store.require(GENERATE)
    return store.side("text_to_image")
