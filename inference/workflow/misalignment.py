"""Results that their model drew aside keep that figure when they are ranked."""

from __future__ import annotations

from dataclasses import replace

from editor.model.edit import Candidate
from editor.model.patch import settings_of
from editor.model.score import Score
from editor.ranking.misaligned import SCALED, SHIFTED


def with_misalignment(score: Score, candidate: Candidate) -> Score:
    """The score with how far a result lies aside, where its method could not correct that."""
    noted = {name: value for name, value in candidate.recorded if name in (SHIFTED, SCALED)}
    return replace(score, extra=settings_of({**dict(score.extra), **noted})) if noted else score
