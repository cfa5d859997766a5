from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.session.results import Results
from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues
from inference.request.jobs import InstructionReady, PrepareJob
from inference.request.registry import plan_requests


@dataclass(frozen=True)
class EditPlan:
    """What was asked for besides the words.

    Attributes:
        methods: registry names to use, () for all that fit.
        count: number of results wanted.
        skip: readings of the same words that were shown before and are left out.
        instruction: with captions that are known already; None for words alone.
        answered: the one question was asked, or there is none to ask.
        settings: the same for all results; () as planned.
        able: methods that can carry out the words, once `prepare` has said so.
    """

    methods: tuple[str, ...] = ()
    count: int = 4
    skip: int = 0
    instruction: Instruction | None = None
    answered: bool = False
    settings: SettingValues = ()
    able: tuple[str, ...] = ()

    def prepare_job(
        self, results: Results, captions: Mapping[str, str], image: Image
    ) -> PrepareJob:
        """The job that completes the instruction of `results` for the picture `image`."""
        instruction = self.instruction or Instruction(
            results.instruction.text, captions.get(image.pixel_digest, "")
        )
        return PrepareJob(
            instruction=instruction,
            has_selection=results.selection is not None,
            methods=self.methods,
            count=self.count + self.skip,
            source=image,
        )

    def requests(
        self, event: InstructionReady, results: Results, image: Image, seed: int
    ) -> tuple[EditRequest, ...]:
        """What to make of the completed instruction; () where no further reading is left."""
        return plan_requests(
            event,
            source_digest=image.pixel_digest,
            selection_digest=results.selection.digest if results.selection else None,
            methods=self.methods,
            count=self.count + self.skip,
            seed=seed,
            settings=self.settings,
        )[self.skip :]
