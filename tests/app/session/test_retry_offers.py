"""`RetryOffers` without a session, over a scripted engine."""

from __future__ import annotations

import numpy as np
import pytest

from app.session.changes import Changes
from app.session.new_edit import NewEdit
from app.session.retry import FURTHER, METHOD, RETRY
from app.session.retry_offers import RetryOffers
from editor.messages import verbatim
from editor.model.edit import Candidate, Instruction
from editor.model.patch import Patch
from editor.model.score import Score
from editor.model.selection import Selection
from inference.request import jobs
from inference.request.analysis import Variant
from inference.workflow.preparation import Preparation
from tests.app.session.part_cases import HEIGHT, WIDTH, Parts

CAPTIONS = Instruction("make the house a boat", "a house", "a boat")


@pytest.fixture
def offers(p: Parts) -> RetryOffers:
    p.open()
    edit = NewEdit(p.driver, p.binding, p.results)
    return RetryOffers(p.driver, edit, p.binding, p.results, p.view, p.messages)


def run(p: Parts, offers: RetryOffers, *, direction: float) -> None:
    """An edit by a sampling method whose results follow the words this much."""
    offers._edit.run(CAPTIONS.text, instruction=CAPTIONS, count=1)
    methods = ("instruct_pix2pix", "adjust")
    variants = {name: (Variant((), verbatim(CAPTIONS.text)),) for name in methods}
    p.engine.understand(Preparation(CAPTIONS, methods, variants))
    job = p.engine.job
    for request in p.engine.requests:
        score = Score(request.key, direction=direction, image=0.95)
        candidate = Candidate(request, Patch())
        p.engine.job_event.emit(jobs.CandidateReady(job.id, candidate))
        p.engine.job_event.emit(jobs.ScoreReady(job.id, score))
    p.engine.job_event.emit(jobs.JobFinished(job.id, 0.1))


def test_results_above_the_bar_need_no_retry(p: Parts, offers: RetryOffers) -> None:
    run(p, offers, direction=0.9)
    assert offers.offers == ()
    assert p.messages.current is None


def test_below_the_bar_the_likeliest_way_is_offered(p: Parts, offers: RetryOffers) -> None:
    run(p, offers, direction=0.01)
    kinds = [offer.kind for offer in offers.offers]
    assert METHOD in kinds
    assert p.messages.current is not None
    assert p.messages.current.text.startswith("None reached your bar.")
    assert p.messages.current.action == RETRY + kinds[0]


def test_an_offer_is_taken_back_where_it_does_not_hold(p: Parts, offers: RetryOffers) -> None:
    run(p, offers, direction=0.01)
    offers.on_changed(Changes.SELECTION)
    assert p.messages.current is not None  # the selection is still the same
    p.view.selection = Selection.from_array(np.full((HEIGHT, WIDTH), 255, np.uint8))
    offers.on_changed(Changes.MESSAGE)
    assert p.messages.current is not None  # nothing moved
    offers.on_changed(Changes.SELECTION)
    assert p.messages.current is None
    assert offers.offers == ()


def test_a_retry_runs_the_same_words_another_way(p: Parts, offers: RetryOffers) -> None:
    run(p, offers, direction=0.01)
    offers.run("unknown")
    assert len(p.engine.submitted) == 1  # nothing new
    further = next(offer for offer in offers.offers if offer.kind == FURTHER)
    able = p.driver.options.able
    offers.run(FURTHER, count=1)
    job = p.engine.submitted[-1]
    assert job.instructions == (CAPTIONS,)
    assert job.settings == further.settings
    assert p.driver.options.able == able
    assert p.driver.seed == 1
