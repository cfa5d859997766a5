"""A method as MagicBrush's protocol runs it: a picture and an instruction in, a picture out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from editor.errors import ModelMissing, NotUnderstood
from editor.messages import Message
from editor.model.edit import Instruction
from editor.model.image import Image
from editor.render import composite
from inference.lab.evaluation.brush.layout import BrushTurn
from inference.lab.evaluation.brush.rows import AUTOMATIC, BEFORE, EXACT, BrushRow
from inference.models.model_domain import fits_of
from inference.models.roles import how_to_get, role_name
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Until
from inference.request.registry import method
from inference.workflow.make_candidates import CandidateMaker
from inference.workflow.plan import plan_edit
from inference.workflow.prepare import prepare

_WRITERS: Final[dict[str, tuple[str, ...]]] = {
    EXACT: (),
    BEFORE: ("language",),
    AUTOMATIC: ("captioner", "language"),
}
"""Roles that write the captions which a row is not given."""


def roles_of(rows: Sequence[BrushRow]) -> set[str]:
    """Roles whose models the results and figures of rows depend on."""
    roles = {"clip"}
    for row in rows:
        roles |= {*method(row.method).roles, *_WRITERS[row.captions]}
    return roles | ({"chat"} if "language" in roles else set())


class BrushEditor:
    """Carries out turns the program's own way, one candidate each; masks are never seen."""

    def __init__(self, models: ModelStore, rows: Sequence[BrushRow]) -> None:
        """Nothing is loaded yet.

        Args:
            models: installed models.
            rows: that will be asked for.

        Raises:
            ModelMissing: a model of theirs is not there.
        """
        self._models = models
        self._maker = CandidateMaker(models)
        for row in rows:
            info = method(row.method)
            models.require(info)
            missing = [role for role in _WRITERS[row.captions] if models.model(role) is None]
            if missing:
                names = tuple(map(role_name, missing))
                raise ModelMissing(
                    Message("model.needed", method=info.title, models=names), how_to_get(missing[0])
                )

    def edited(self, row: BrushRow, source: Image, turn: BrushTurn, seed: int) -> Image | None:
        """The result of a turn; None where captions are automatic and the words are not understood.

        Args:
            row: method, settings, and whose captions it is given.
            source: the given picture, or the result of the turn before.
            turn: its words and captions.
            seed: of the noise, equal for all turns as in the authors' script.
        """
        words = Instruction(
            turn.instruction,
            "" if row.captions == AUTOMATIC else turn.source_caption,
            turn.target_caption if row.captions == EXACT else "",
        )
        job = EditJob(
            (words,), source, methods=(row.method,), count=1, seed=seed, settings=row.settings,
            until=Until.EDITED, ask=False,
        )  # fmt: skip
        token = CancelToken()
        with self._models.job((), fits_of(source)):
            try:
                found = prepare(job, self._models, token)
            except NotUnderstood:
                if row.captions == EXACT:
                    raise
                return None
            plan = plan_edit(job, found, source, None)
            made = self._maker.make(job.id, plan, source, None, lambda event: None, token)
        return composite.render(source, made[0].patch, None)
