"""From words that were understood to the requests that carry them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.selection import Selection
from inference.request.edit_job import EditJob
from inference.request.jobs import InstructionReady, Measured
from inference.request.registry import MethodInfo, plan_requests


@dataclass(frozen=True)
class RequestPlan:
    """What a job makes.

    Attributes:
        requests: one for each candidate, no two with the same key.
        sentences: what each does, in words, by request key.
        measured: what the words of each ask for and what they ask to leave alone, by request key.
    """

    requests: tuple[EditRequest, ...]
    sentences: Mapping[str, Message | None] = field(default_factory=dict)
    measured: Mapping[str, Measured] = field(default_factory=dict)


def plan_edit(
    job: EditJob, found: Sequence[InstructionReady], source: Image, selection: Selection | None
) -> RequestPlan:
    """The requests of a job, once its words are understood. Pure.

    Args:
        job: how many are wanted, by which methods, from which seed, at which quality.
        found: what `prepare` found out about each instruction.
        source: the picture.
        selection: where the edit may act, None for everywhere.
    """
    requests: dict[str, EditRequest] = {}
    sentences: dict[str, Message | None] = {}
    measured: dict[str, Measured] = {}
    for ready in found:
        planned = plan_requests(
            ready,
            source_digest=source.pixel_digest,
            selection_digest=selection.digest if selection is not None else None,
            methods=job.methods,
            count=job.count + job.skip,
            seed=job.seed,
            settings=job.settings,
            quality=job.quality,
        )
        for request in planned[job.skip :]:
            key = request.key
            if key not in requests:
                requests[key] = request
                sentences[key] = ready.sentence_of(request)
                measured[key] = (ready.asked, ready.kept)
    return RequestPlan(tuple(requests.values()), sentences, measured)


def fitting_methods(
    able: Sequence[MethodInfo], *, readable: bool, foreign: bool, names_scene: bool
) -> list[MethodInfo]:
    """Auto: of the methods that could run, those for these words, the best fitting first.

    Args:
        able: methods whose models are there, in the order of the registry.
        readable: the words can be read as tone and colour.
        foreign: the models do not know such pictures.
        names_scene: the words name a place, time or style that tone and colour only hints at.
    """
    parametric = [info for info in able if info.parametric]
    sampling = [info for info in able if not info.parametric]
    if not readable:
        return sampling
    if not sampling or foreign:
        return parametric
    return sampling if names_scene else list(able)
