"""`Explore` without a session, over a scripted engine."""

from __future__ import annotations

import pytest

from app.session.clarification import Clarification
from app.session.edit_session import EditSession
from app.session.explore import Explore
from app.session.results import Stage
from editor.messages import verbatim
from editor.model.edit import Instruction
from editor.model.patch import settings_of
from inference.request import jobs
from inference.request.analysis import Variant
from tests.app.session.part_cases import Parts

WORDS = (Instruction("brighter"), Instruction("darker"))


@pytest.fixture
def explore(p: Parts) -> Explore:
    p.open()
    clarification = Clarification(p.runner, p.binding, p.results, p.messages, p.changes.append)
    edit = EditSession(p.runner, clarification, p.binding, p.results)
    return Explore(p.runner, edit, p.results, p.view, p.messages)


def ready(p: Parts, warning: str | None = None) -> None:
    """The engine says what it can carry out: each of the words in one way."""
    job = p.engine.submitted[-1]
    readies = tuple(
        jobs.InstructionReady(
            job.id,
            instruction,
            ("adjust",),
            {"adjust": (Variant(settings_of({"exposure": exposure}), instruction.text),)},
            warning=warning,
        )
        for instruction, exposure in zip(job.instructions, (0.5, -0.5), strict=True)
    )
    p.engine.job_event.emit(jobs.ExploreReady(job.id, readies))


def test_nothing_to_explore_is_said(p: Parts, explore: Explore) -> None:
    explore.run(())
    assert "nothing to explore" in p.said()
    assert not p.engine.submitted


def test_each_instruction_gives_one_result_with_its_own_words(p: Parts, explore: Explore) -> None:
    explore.run(WORDS, methods=("adjust",))
    job = p.engine.submitted[-1]
    assert isinstance(job, jobs.ExploreJob)
    assert (job.instructions, job.methods) == (WORDS, ("adjust",))
    ready(p)
    results = p.results.value
    assert results is not None
    assert results.stage is Stage.RUNNING
    assert results.explored
    assert [slot.request.instruction for slot in results.slots] == list(WORDS)
    assert {slot.request.seed for slot in results.slots} == {0}
    p.engine.edit()
    assert p.results.value is not None
    assert p.results.value.stage is Stage.RANKED


def test_a_warning_is_said_once_the_results_are_there(p: Parts, explore: Explore) -> None:
    explore.run(WORDS)
    ready(p, warning=verbatim("No model knows such pictures."))
    assert p.said() == ""
    p.engine.edit()
    assert p.said() == "No model knows such pictures."


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
    assert isinstance(job, jobs.PrepareJob)
    assert job.instruction == wanted.request.instruction
    assert (job.methods, job.count) == (("adjust",), 2)
    assert p.runner.seed == wanted.request.seed


def test_an_event_of_the_wrong_kind_is_a_bug(explore: Explore) -> None:
    with pytest.raises(TypeError, match="InstructionReady"):
        explore._on_prepared((), jobs.InstructionReady("x", Instruction("brighter")))
