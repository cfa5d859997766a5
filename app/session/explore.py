from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.session.changes import Changes
from app.session.clarification import Answering
from app.session.messages import tr
from app.session.results import Results
from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from inference.request import jobs
from inference.workflow.explore import plan_exploration


class Exploring(Answering):
    """Suggestions themselves, one result each, side by side; and Live, which keeps nothing."""

    def __init__(self, engine: Any) -> None:
        super().__init__(engine)
        self._exploring: tuple[Instruction, ...] = ()
        self._explore_methods: tuple[str, ...] = ()

    # --- explore ----------------------------------------------------------------------------

    def explore(
        self, instructions: Sequence[Instruction], *, methods: tuple[str, ...] = ()
    ) -> None:
        """Render each instruction once, at the quality of a first look, and rank the results."""
        if not self._may_start():
            return
        if not instructions:
            self.notice(tr("There is nothing to explore yet. Say what should change."))
            return
        self._exploring, self._explore_methods = tuple(instructions), methods
        self._seed = 0
        self._start(Instruction(""), self._submit_explore)

    def _submit_explore(self, job: str, image: Image) -> None:
        assert self.results is not None
        self.engine.submit(
            jobs.ExploreJob(
                id=job,
                instructions=self._exploring,
                has_selection=self.results.selection is not None,
                methods=self._explore_methods,
                source=image,
            )
        )

    def _on_event(self, event: Any) -> None:
        results = self.results
        if not isinstance(event, jobs.ExploreReady):
            super()._on_event(event)
        elif results is not None and results.stage.is_live and event.job_id == self._prepare_id:
            self._on_explored(results, event)

    def _on_explored(self, results: Results, event: jobs.ExploreReady) -> None:
        image = self._source_of(results)
        if image is None:
            return
        planned = plan_exploration(
            event,
            source_digest=image.pixel_digest,
            selection_digest=results.selection.digest if results.selection else None,
            methods=self._explore_methods,
            seed=self._seed,
        )
        requests = tuple(request for _, request in planned)
        warning = next((ready.warning for ready, _ in planned if ready.warning), None)
        self._run_requests(results, Instruction(""), requests, warning)
        self.engine.submit(
            jobs.EditJob.of_several(planned, image, results.selection, id=results.job)
        )

    def refine(self, key: str | None = None, *, count: int = 4) -> None:
        """An explored result once more, with its own words, at full quality.

        The first of the new results has the same seed.
        """
        results, key = self.results, key or self.looked_at
        if results is None or key is None or results.stage.is_live:
            return
        request = results.slot(key).request
        self.run(
            request.instruction.text,
            methods=(request.method,),
            count=count,
            seed=request.seed,
            instruction=request.instruction,
        )

    # --- live -------------------------------------------------------------------------------

    def set_live(self, candidate: Candidate | None) -> None:
        """Show on the canvas what the words in the box would do, or no longer."""
        if candidate is self.live:
            return
        self.live = candidate
        if candidate is not None and self.looked_at is not None:
            self.looked_at = None  # so that Keep this never means another picture than is seen
            self._clear_finish()
        self.changed.emit(Changes.LOOK)

    def look_at(self, key: str | None) -> None:
        """Put a result on the canvas, or the current picture again."""
        live, self.live = self.live, None
        if key == self.looked_at and live is not None:
            self.changed.emit(Changes.LOOK)
        super().look_at(key)
