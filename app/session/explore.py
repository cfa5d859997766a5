from __future__ import annotations

from collections.abc import Sequence

from app.i18n.texts import tr
from app.session.current_results import CurrentResults
from app.session.edit_driver import EditDriver
from app.session.messages import Messages
from app.session.new_edit import NewEdit
from app.session.results import Results
from app.session.view_state import ViewState
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.request.edit_job import EditJob, Quality


class Explore:
    """Several instructions at once, one result each, side by side."""

    def __init__(
        self,
        driver: EditDriver,
        edit: NewEdit,
        results: CurrentResults,
        view: ViewState,
        messages: Messages,
    ) -> None:
        self._driver, self._edit, self._results = driver, edit, results
        self._view, self._messages = view, messages

    def run(self, instructions: Sequence[Instruction], *, methods: tuple[str, ...] = ()) -> None:
        """Render each instruction once, at the quality of a first look, and rank the results."""
        if not self._driver.may_start():
            return
        if not instructions:
            self._messages.notice(tr("There is nothing to explore yet. Say what should change."))
            return
        wanted = tuple(instructions)

        def explore_job(results: Results, image: Image) -> EditJob:
            return EditJob(
                wanted,
                image,
                results.selection,
                methods=methods[:1],
                count=1,
                quality=Quality.PREVIEW,
                ask=False,
                id=results.job,
            )

        self._driver.seed = 0
        self._driver.start_here(Instruction(""), explore_job, len(wanted))

    def refine(self, key: str | None = None, *, count: int = 4) -> None:
        """An explored result once more, with its own words, at full quality.

        The first of the new results has the same seed. Without `key` it is the one looked at.
        """
        results, key = self._results.value, key or self._view.looked_at
        if results is None or key is None or results.stage.is_live:
            return
        request = results.slot(key).request
        self._edit.run(
            request.instruction.text,
            methods=(request.method,),
            count=count,
            seed=request.seed,
            instruction=request.instruction,
        )
