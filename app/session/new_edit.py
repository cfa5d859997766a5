from __future__ import annotations

from collections.abc import Callable

from app.session.current_results import CurrentResults
from app.session.document_binding import DocumentBinding
from app.session.edit_driver import EditDriver
from app.session.edit_options import EditOptions
from app.session.results import Results
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues
from inference.request.edit_job import EditJob
from inference.request.registry import METHODS


class NewEdit:
    """From words to ranked results of the current picture."""

    def __init__(
        self,
        driver: EditDriver,
        binding: DocumentBinding,
        results: CurrentResults,
        time_limit: Callable[[], float | None] = lambda: None,
    ) -> None:
        self._time_limit = time_limit
        self._driver, self._binding, self._results = driver, binding, results

    def run(
        self,
        text: str,
        *,
        methods: tuple[str, ...] = (),
        count: int = 4,
        seed: int | None = None,
        skip: int = 0,
        instruction: Instruction | None = None,
        settings: SettingValues = (),
        able: tuple[str, ...] = (),
    ) -> None:
        """Ask for results of an instruction on the current picture; a live edit is cancelled.

        Args:
            text: the words; nothing happens without any.
            methods: registry names to use, () for all that fit.
            count: number of results wanted.
            seed: of the first result; None takes that of the edit before.
            skip: readings of the words that were shown before.
            instruction: with captions; it is taken as it is and nothing is asked about it.
            settings: the same for all results; () as planned.
            able: methods that can carry out the words, where that is known.
        """
        text = " ".join(text.split())
        if not text or not self._driver.may_start():
            return
        if seed is not None:
            self._driver.seed = seed
        self._driver.options = EditOptions(
            methods, count, skip, instruction, settings, able, self._time_limit()
        )
        self._driver.start_here(Instruction(text), self._job, count)

    def run_again(self, count: int = 4) -> None:
        """The same instruction once more: new seeds, or further readings and strengths."""
        results, options = self._results.value, self._driver.options
        if results is None or not results.instruction.text:
            return
        node = self._binding.node
        here = node is not None and results.parent == node.id
        if not here or results.job != self._driver.run.id:
            self.run(results.instruction.text, count=count)
            return
        requests = [slot.request for slot in results.slots]
        shown = {r.settings for r in requests if METHODS[r.method].parametric}
        self.run(
            results.instruction.text,
            methods=options.methods,
            count=count,
            seed=self._driver.seed + count,
            skip=options.skip + len(shown),
            instruction=options.instruction,
            settings=options.settings,
        )

    def _job(self, results: Results, image: Image) -> EditJob:
        driver = self._driver
        return driver.options.job(results, self._binding.captions, image, driver.seed)
