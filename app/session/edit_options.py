from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.session.results import Results
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues
from inference.request.edit_job import EditJob


@dataclass(frozen=True)
class EditOptions:
    """What was asked for besides the words.

    Attributes:
        methods: registry names to use, () for all that fit.
        count: number of results wanted.
        skip: readings of the same words that were shown before and are left out.
        instruction: with captions that are known already, nothing is asked about it; None for
            words alone.
        settings: the same for all results; () as planned.
        able: methods that can carry out the words, once the engine has said so.
        time_limit: see `EditJob.time_limit`.
    """

    methods: tuple[str, ...] = ()
    count: int = 4
    skip: int = 0
    instruction: Instruction | None = None
    settings: SettingValues = ()
    able: tuple[str, ...] = ()
    time_limit: float | None = None

    def job(
        self, results: Results, captions: Mapping[str, str], image: Image, seed: int
    ) -> EditJob:
        """The job that makes `results` from the picture `image`; it has their id."""
        words = Instruction(results.instruction.text, captions.get(image.pixel_digest, ""))
        return EditJob(
            (self.instruction or words,),
            image,
            results.selection,
            methods=self.methods,
            count=self.count,
            skip=self.skip,
            seed=seed,
            settings=self.settings,
            time_limit=self.time_limit,
            ask=self.instruction is None,
            id=results.job,
        )
