from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from app.session.current_results import CurrentResults, restored, results_of_head
from app.session.kept_node import kept_node
from app.session.results import Results, ResultsStage
from editor.model.edit import Instruction
from editor.model.selection import Selection
from editor.render.result_blend import ResultBlend
from inference.workflow.edit_run import EditStage
from tests.app.session.part_cases import HEIGHT, WIDTH, Parts, picture, results, slot

FIRST, SECOND = slot(1.0), slot(0.5)


@pytest.mark.parametrize("stage", ResultsStage)
def test_a_job_is_under_way_while_its_stage_is_live(stage: ResultsStage) -> None:
    current = CurrentResults()
    assert not current.is_busy
    assert not current.is_under_way("job")
    current.value = results(FIRST, stage=stage)
    assert current.is_busy is stage.is_live
    assert current.is_under_way("job") is stage.is_live
    assert not current.is_under_way("another")


def test_results_with_a_source_of_their_own_are_new_pictures() -> None:
    current = CurrentResults()
    assert not current.are_new_pictures
    current.value = results(FIRST)
    assert not current.are_new_pictures
    current.value = results(FIRST, source=picture().image)
    assert current.are_new_pictures


def test_without_a_document_there_are_no_results_of_head() -> None:
    assert results_of_head(None) is None


def test_head_shows_what_was_started_there_else_what_made_it(p: Parts) -> None:
    document = p.open()
    root = document.history.current.id
    assert results_of_head(document) is None
    made = stored(document, root, FIRST, SECOND)
    found = results_of_head(document)
    assert found is not None
    assert [s.key for s in found.slots] == [FIRST.key, SECOND.key]
    assert found.kept_node is None
    assert found.instruction == Instruction("brighter")
    assert FIRST.candidate is not None
    node = kept_node(ResultBlend(FIRST.candidate, None, None, 0.5), made)
    assert (node.parent, node.label, node.opacity, node.kind) == (root, "brighter", 0.5, "edit")
    assert len(node.siblings) == 2
    p.binding.accept(node)
    after = results_of_head(document)
    assert after is not None
    assert after.kept_node == node.id
    assert after.job == made.job


def test_results_with_words_of_their_own_have_no_common_instruction(p: Parts) -> None:
    document = p.open()
    root = document.history.current.id
    stored(document, root, FIRST, slot(0.3, text="darker"))
    shown = restored(document.results(root)[-1], None)
    assert shown.explored
    assert shown.stage is ResultsStage.RANKED
    assert shown.ranking.places


def test_two_results_painted_together_make_one_idea() -> None:
    assert FIRST.candidate is not None
    assert SECOND.candidate is not None
    paint = Selection.from_array(np.full((HEIGHT, WIDTH), 255, np.uint8))
    look = ResultBlend(FIRST.candidate, SECOND.candidate, paint)
    node = kept_node(look, results(FIRST, SECOND))
    assert node.kind == "paint"
    assert node.candidates == (FIRST.candidate, SECOND.candidate)


def stored(document: Any, parent: str, *slots: Any) -> Results:
    """Results as a job would leave them in the document."""
    made = results(*slots, parent=parent)
    for one in slots:
        document.add_candidate(made.job, parent, one.candidate, None).result()
    scores = tuple(one.score for one in slots)
    document.set_ranking(made.job, made.ranking, scores).result()
    return made


def test_every_stage_of_an_edit_is_one_of_results() -> None:
    for stage in EditStage:
        assert ResultsStage.of(stage).is_live == stage.is_live
