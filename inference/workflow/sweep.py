"""Quick previews over seeds and guidance, from which the candidates worth drawing are picked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from editor.messages import Message
from editor.model.edit import EditRequest
from editor.model.image import Image
from editor.model.patch import settings_of
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.trade_off import along_front
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Quality, Until
from inference.request.jobs import Event, Progress, ScoreReady
from inference.request.registry import method
from inference.request.settings import KEEP, SWEEP_SEEDS
from inference.workflow.make_candidates import CandidateMaker, Emit
from inference.workflow.mix import SecondsOf
from inference.workflow.plan import RequestPlan, methods_of, plan_edit
from inference.workflow.preparation import Pick, Preparation
from inference.workflow.swept_settings import Swept, own_settings, preview_grid


def with_picks(
    job: EditJob,
    found: Preparation,
    source: Image,
    selection: Selection | None,
    maker: CandidateMaker,
    emit: Emit,
    token: CancelToken,
    seconds_of: SecondsOf,
) -> Preparation:
    """What was found out, and for methods that sweep, which candidates to draw.

    As InstructPix2Pix is best used (Brooks et al. 2023, section 3.3): several seeds and image
    guidances are tried quickly, and of the previews that no other beats in CLIP's direction and
    image similarity those nearest to the artist's wish are drawn in full.

    Args:
        job: its settings say how many seeds are tried (`SWEEP_SEEDS`, 0 for none) and what is
            wished (`KEEP`).
        found: of one instruction.
        source: the picture.
        selection: where the edit may act, None for everywhere.
        maker: makes and scores the previews.
        emit: is given their progress and nothing else.
        token: for a cancel.
        seconds_of: see `plan_edit`.

    Returns:
        `found` with its `picks`; with a sentence where nothing can be compared.
    """
    if job.quality is Quality.PREVIEW or job.until < Until.EDITED:
        return found
    picks: dict[str, tuple[Pick, ...]] = {}
    skipped = found.skipped
    for name in methods_of(job, found, seconds_of):
        info, values = method(name), _values(job, name)
        grid = preview_grid(info, own_settings(info, dict(found.defaults.get(name, ()))))
        if grid is None or not values.get(SWEEP_SEEDS):
            continue
        if not maker.can_compare(found.instruction):
            skipped = (*skipped, Message("sweep.cannot_compare"))
            continue
        previews = _previews(job, found, source, selection, grid, name, values)
        if previews.requests:
            scores = _scored(job, previews, source, selection, maker, emit, token)
            wish = values.get(KEEP)
            picks[name] = _picked(previews.requests, scores, grid[0], 0.5 if wish is None else wish)
    return replace(found, picks=picks, skipped=skipped)


def _values(job: EditJob, name: str) -> dict[str, Any]:
    """What is set for a method: for this job before what the artist set for every edit."""
    option = dict(job.options).get(name)
    return {**dict(option.settings if option else ()), **dict(job.settings)}


def _previews(
    job: EditJob,
    found: Preparation,
    source: Image,
    selection: Selection | None,
    grid: Swept,
    name: str,
    values: dict[str, Any],
) -> RequestPlan:
    """One request for each seed and guidance of the grid; what the artist set stays."""
    quick = replace(job, methods=(name,), count=int(values[SWEEP_SEEDS]), quality=Quality.PREVIEW)
    plan = plan_edit(quick, [found], source, selection)
    swept, across = grid
    tried = (values[swept],) if swept in values else across
    requests = {
        made.key: made
        for request in plan.requests
        for value in tried
        for made in (
            replace(request, settings=settings_of({**dict(request.settings), swept: value})),
        )
    }
    measured = (found.wanted_changes, found.fixed_quantities, found.parts)
    measures = dict.fromkeys(requests, measured)
    return RequestPlan(tuple(requests.values()), {}, measures, plan.quality)


def _scored(
    job: EditJob,
    plan: RequestPlan,
    source: Image,
    selection: Selection | None,
    maker: CandidateMaker,
    emit: Emit,
    token: CancelToken,
) -> dict[str, Score]:
    """Scores of the previews by their keys; their progress is heard, they themselves are not."""
    scores: dict[str, Score] = {}

    def heard(event: Event) -> None:
        if isinstance(event, ScoreReady):
            scores[event.score.key] = event.score
        elif isinstance(event, Progress) and event.stage == "editing":
            emit(replace(event, stage="sweeping", seconds_left=None))

    known = job.domain_picture if isinstance(job.domain_picture, Image) else None
    made = maker.make(job.id, plan, source, selection, heard, token)
    maker.score(job.id, plan, source, selection, made, heard, token, known)
    return scores


def _picked(
    requests: Sequence[EditRequest], scores: dict[str, Score], swept: str, keep: float
) -> tuple[Pick, ...]:
    """The seeds and guidances worth drawing, the best first; none where CLIP says nothing."""
    known, points = [], []
    for request in requests:
        score = scores[request.key]
        if score.direction is not None and score.image is not None:
            known.append(request)
            points.append((score.direction, score.image))
    return tuple(
        Pick(known[i].seed, ((swept, dict(known[i].settings)[swept]),))
        for i in along_front(points, keep, len(points))
    )
