"""`Explore` without a session, over a scripted engine."""

from __future__ import annotations

import pytest

from app.session.explore import Explore
from app.session.new_edit import NewEdit
from app.session.results import ResultsStage
from editor.messages import Message, verbatim
from editor.model.edit import Instruction
from inference.request import jobs
from inference.workflow.preparation import Preparation
from tests.app.session.part_cases import Parts
from tests.app.session_cases import adjusting

WORDS = (Instruction("brighter"), Instruction("darker"))


@pytest.fixture
def explore(p: Parts) -> Explore:
    p.open()
    edit = NewEdit(p.driver, p.binding, p.results)
    return Explore(p.driver, edit, p.results, p.view, p.messages)


def ready(p: Parts, warning: Message | None = None) -> None:
    """The engine says what it can carry out: each of the words in one way."""
    p.engine.understand(
        *(
            Preparation(instruction, warning=warning, **adjusting(exposure))
            for instruction, exposure in zip(p.engine.job.instructions, (0.5, -0.5), strict=True)
        )
    )


def test_nothing_to_explore_is_said(p: Parts, explore: Explore) -> None:
    explore.run(())
    assert "nothing to explore" in p.line_text()
    assert not p.engine.submitted


def test_each_instruction_gives_one_result_with_its_own_words(p: Parts, explore: Explore) -> None:
    explore.run(WORDS, methods=("adjust",))
    job = p.engine.job
    assert (job.instructions, job.methods) == (WORDS, ("adjust",))
    assert (job.count, job.quality) == (1, jobs.Quality.PREVIEW)
    ready(p)
    results = p.results.value
    assert results is not None
    assert results.stage is ResultsStage.RUNNING
    assert results.explored
    assert [slot.request.instruction for slot in results.slots] == list(WORDS)
    assert {slot.request.seed for slot in results.slots} == {0}
    p.engine.edit()
    assert p.results.value is not None
    assert p.results.value.stage is ResultsStage.RANKED


def test_a_warning_is_said_once_the_results_are_there(p: Parts, explore: Explore) -> None:
    explore.run(WORDS)
    ready(p, warning=verbatim("No model knows such pictures."))
    assert p.line_text() == ""
    p.engine.edit()
    assert p.line_text() == "No model knows such pictures."


def test_refining_runs_the_words_of_one_result_again(p: Parts, explore: Explore) -> None:
    explore.refine()
    assert not p.engine.submitted  # nothing was explored
    explore.run(WORDS)
    ready(p)
    explore.refine()
    p.engine.edit()
    assert p.results.value is not None
    wanted = p.results.value.slots[1]
    explore.refine(wanted.key, count=2)
    job = p.engine.submitted[-1]
    assert job.instructions == (wanted.request.instruction,)
    assert job.quality is jobs.Quality.FULL
    assert (job.methods, job.count) == (("adjust",), 2)
    assert p.driver.seed == wanted.request.seed
