"""How close the original comes back, in words, and the way to have it come back closer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from app.panels.reconstruction_badge import ReconstructionBadge
from editor.model.edit import Candidate, Instruction
from editor.model.patch import Patch, settings_of
from editor.model.score import Score
from inference.request import jobs
from inference.request.captions import RECONSTRUCTION_PSNR, USED_INVERSION
from inference.workflow.preparation import Preparation
from tests.app.session_cases import Fixture

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

METHOD = "prompt_to_prompt"


@pytest.fixture
def badge(f: Fixture, page: QWidget) -> ReconstructionBadge:
    """On a page that is seen."""
    badge = ReconstructionBadge(f.session, page)
    page.show()
    return badge


def run(f: Fixture, psnr: float | None, strategy: str = "ddim", used: str = "") -> None:
    own = Instruction("make it night", "a house at noon", "a house at night")
    f.session.method_settings.set(METHOD, "inversion", strategy)
    f.session.edit.run(own.text, methods=(METHOD,), count=1, instruction=own)
    job = f.engine.job
    f.engine.understand(Preparation(own, methods=(METHOD,)))
    facts = {RECONSTRUCTION_PSNR: psnr, USED_INVERSION: used or strategy}
    recorded = settings_of({} if psnr is None else facts)
    (request,) = f.engine.requests
    f.engine.job_event.emit(jobs.CandidateReady(job.id, Candidate(request, Patch(()), recorded)))
    f.engine.job_event.emit(jobs.ScoreReady(job.id, Score(request.key, asked=1.0, unasked=0.1)))
    f.engine.job_event.emit(jobs.JobFinished(job.id, 1.0))


@pytest.mark.parametrize(
    ("psnr", "said", "offered"),
    [
        (34.2, "The original comes back very close, 34 dB", False),
        (30.0, "The original comes back very close, 30 dB", False),
        (26.1, "The original comes back close, 26 dB", False),
        (21.4, "The original comes back loosely, 21 dB", True),
    ],
)
def test_a_number_is_followed_by_what_it_means(
    f: Fixture, badge: ReconstructionBadge, psnr: float, said: str, offered: bool
) -> None:
    assert not badge.isVisible()
    run(f, psnr)
    assert badge.isVisible()
    assert badge.text.accessibleName() == said
    assert badge.tighter.isVisible() is offered
    assert badge.toolTip() == "Way back to the picture: Plain (ddim)"


def test_hold_it_tighter_changes_the_way_back_of_the_next_run(
    f: Fixture, badge: ReconstructionBadge
) -> None:
    run(f, 21.0)
    QTest.mouseClick(badge.tighter, Qt.MouseButton.LeftButton)
    assert dict(f.session.method_settings.options(METHOD).settings).get("inversion") is None
    assert not badge.tighter.isVisible()  # the method's own way is the tightest


def test_what_is_tightest_already_offers_nothing(f: Fixture, badge: ReconstructionBadge) -> None:
    run(f, 20.0, "direct")
    assert badge.isVisible()
    assert not badge.tighter.isVisible()


def test_what_the_method_chose_itself_counts(f: Fixture, badge: ReconstructionBadge) -> None:
    """A method whose own way is automatic may have taken the tightest one."""
    run(f, 20.0, used="direct")
    assert badge.toolTip() == "Way back to the picture: Exact (direct)"
    assert not badge.tighter.isVisible()


def test_methods_that_invert_nothing_have_no_badge(f: Fixture, badge: ReconstructionBadge) -> None:
    run(f, None)
    assert not badge.isVisible()
