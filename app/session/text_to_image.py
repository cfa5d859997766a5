from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from app.runtime import paths
from app.runtime.thread_pool import ThreadPool, Ticket
from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_driver import EditDriver
from app.session.edit_options import EditOptions
from app.session.messages import Messages
from app.session.results import Results
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.methods.generate import INFO as GENERATE
from inference.methods.generate import new_picture_side
from inference.request.edit_job import EditJob, Until
from inference.request.job_id import new_job_id
from inference.request.model_choice import ModelChoice

PAPER = 255


class NewPicture:
    """New pictures from words: how a document begins without one."""

    def __init__(
        self,
        driver: EditDriver,
        binding: DocumentBinding,
        results: CurrentResults,
        work: ThreadPool,
        messages: Messages,
        models: Callable[[], tuple[ModelChoice, ...]],
    ) -> None:
        self._driver, self._binding, self._results = driver, binding, results
        self._work, self._messages = work, messages
        self._models = models

    def draw(self, text: str, *, count: int = 4, seed: int = 0) -> None:
        """Draw new pictures; the one that is kept becomes a document of its own.

        Nothing while a document is open: what is kept there has a place in its history.
        """
        text = " ".join(text.split())
        if not text or self._binding.document is not None:
            return
        self._driver.cancel()
        self._driver.seed = seed
        instruction = Instruction(text, target_prompt=text)
        job = new_job_id()
        self._driver.start(Results(job, "", instruction, source=blank_paper(1), expected=count))

        def found(side: int) -> None:
            if self._results.is_under_way(job):
                self._begin(job, instruction, side, count)

        def failed(error: BaseException) -> None:
            if self._results.is_under_way(job):
                self._on_no_model(error)

        self._work.run(partial(picture_side, self._models()), found, failed, 0)

    def _begin(self, job: str, instruction: Instruction, side: int, count: int) -> None:
        results = self._results.value
        assert results is not None
        paper = blank_paper(side)
        self._results.value = replace(results, source=paper)
        methods = (GENERATE.name,)
        self._driver.options = EditOptions(methods, count, able=methods)
        self._driver.begin(
            EditJob(
                (instruction,),
                paper,
                methods=methods,
                count=count,
                seed=self._driver.seed,
                until=Until.EDITED,  # there is nothing to compare it with
                id=job,
            )
        )

    def _on_no_model(self, error: BaseException) -> None:
        self._driver.give_up()
        self._messages.fail(error)


def blank_paper(side: int) -> Image:
    """A white picture; what a new one is drawn on."""
    return Image.from_array(np.full((side, side, 3), PAPER, np.uint8))


def picture_side(choices: tuple[ModelChoice, ...], ticket: Ticket) -> int:
    """Pixels a side of new pictures; raises `ModelMissing`. Reads folders: worker."""
    from inference.models.store import ModelStore

    store = ModelStore(paths.models(), choices=choices)
    store.require(GENERATE)
    return new_picture_side(store.side("text_to_image", GENERATE.name))
