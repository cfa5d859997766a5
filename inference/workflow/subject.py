from __future__ import annotations

from collections.abc import Callable
from typing import Final

from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.image import Image
from inference.models.store import ModelStore
from inference.request.cancel import CancelToken
from inference.request.jobs import Event, Progress, SubjectJob, SubjectPart, SubjectReady

BARS: Final[dict[SubjectPart, float]] = {"subject": 0.88, "background": 0.88, "person": 0.65}
"""Least confidence: on 19 photographs people had .91 and more, other subjects that were found
.91 and more, and wrong masks .83 and less (docs/models.md)."""

_ROLE: Final = "segmentation"


class SubjectUnclear(ExpectedError):
    """Nothing stands out enough to be selected for the artist."""

    kind = "subject_unclear"


def run_subject_job(
    job: SubjectJob, models: ModelStore, emit: Callable[[Event], None], token: CancelToken
) -> SubjectReady:
    """Run a `SubjectJob` with the model that serves.

    Raises:
        SubjectUnclear: the network is less sure than the bar of what was asked for.
        ModelMissing: no model finds subjects.
    """
    from inference.models.loaded import LoadedSegmentation
    from inference.vision.segmentation import find_subject

    if not isinstance(job.source, Image):
        raise TypeError("references are resolved before a job runs")
    if not models.is_loaded(_ROLE):
        emit(Progress(job.id, "loading", 0, 1))
    network = models.load(_ROLE, LoadedSegmentation)
    found = find_subject(network, job.source, token.check)
    if found.confidence < BARS[job.part] or not found.coverage.any():
        nobody, nothing = Message("subject.no_person"), Message("subject.unclear")
        raise SubjectUnclear(
            nobody if job.part == "person" else nothing, Message("do.draw_selection")
        )
    coverage = 255 - found.coverage if job.part == "background" else found.coverage
    return SubjectReady(job.id, coverage, found.confidence, network.found.id)
