"""Explore: several instructions, one candidate each, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from editor.model.edit import EditRequest
from inference.request.jobs import ExploreReady, InstructionReady
from inference.request.registry import METHODS, plan_requests

Planned = tuple[tuple[InstructionReady, EditRequest], ...]


def plan_exploration(
    ready: ExploreReady,
    *,
    source_digest: str,
    selection_digest: str | None = None,
    methods: Sequence[str] = (),
    seed: int = 0,
) -> Planned:
    """One request for each instruction, at the quality of a first look. Pure.

    All have the same seed: what differs between them is what was said. No two are alike.

    Args:
        ready: what `prepare_several` found.
        source_digest: pixel digest of the picture.
        selection_digest: of the coverage, None for everywhere.
        methods: the first one serves all; empty = the best fitting one of each.
        seed: of every request's noise.
    """
    planned: dict[str, tuple[InstructionReady, EditRequest]] = {}
    for one in ready.readies:
        chosen = tuple(methods[:1]) or one.methods[:1]
        requests = plan_requests(
            one,
            source_digest=source_digest,
            selection_digest=selection_digest,
            methods=chosen,
            count=1,
            seed=seed,
            settings=METHODS[chosen[0]].preview,
        )
        for request in requests:
            planned.setdefault(request.key, (one, request))
    return tuple(planned.values())
