"""The ranking learns from what is kept, and forgets it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.session.learnt_ranking import ALL, DOCUMENT, FILE, OFF
from editor.model.score import Score
from editor.ranking.learn import LEAST_CHOICES
from editor.ranking.rank import rank
from editor.ranking.weights import Sides, Weights
from editor.storage.choice_file import ChoiceFile, StoredChoice


def run_by_clip(f: Any, *figures: dict[str, Any]) -> None:
    """Results of which CLIP gave these figures."""
    f.run("brighter", tuple(0.5 + i / 10 for i in range(len(figures))))
    results = f.session.results
    slots = tuple(
        replace(slot, score=Score(slot.key, **figure))
        for slot, figure in zip(results.slots, figures, strict=True)
    )
    ranking = rank([slot.score for slot in slots])
    f.session.current_results.value = replace(results, slots=slots, ranking=ranking)
    f.session.view.look_at(slots[1].key)


def file_of(f: Any) -> ChoiceFile:
    return ChoiceFile(f.settings.path_beside(FILE))


def write_choices(f: Any, count: int, document: str = "other") -> None:
    """An artist who keeps what follows the words, whatever becomes of the picture."""
    bold, mild = Sides(0.8, 0.0, 0.0), Sides(0.4, 0.3, 0.0)
    for i in range(count):
        file_of(f).add(StoredChoice(document, f"run {i}", "a", (("a", bold), ("b", mild))))


def reopened(f: Any) -> Any:
    """The part as another start of the program makes it."""
    from app.session.learnt_ranking import LearntRanking

    s = f.session
    part = LearntRanking(f.settings, f.work, s.binding, s.driver, s.messages.fail)
    f.wait(lambda: part.count > 0)
    return part


def test_a_kept_result_is_written_down_with_its_siblings(f: Any) -> None:
    run_by_clip(f, {"direction": 0.3, "image": 0.9}, {"direction": 0.25, "image": 0.95})
    kept = f.session.results.slots[1].key
    f.keep()
    f.wait(lambda: len(file_of(f).read()) == 1)
    (choice,) = file_of(f).read()
    assert choice.key == kept
    assert dict(choice.results)[kept].words == pytest.approx(0.625)
    assert f.session.learnt_ranking.count == 1
    assert f.session.learnt_ranking.learnt is None


def test_results_that_were_measured_otherwise_teach_nothing(f: Any) -> None:
    run_by_clip(f, {"asked": 0.5}, {"asked": 0.9})
    f.keep()
    assert f.session.learnt_ranking.count == 0
    assert not f.settings.path_beside(FILE).exists()


def test_switched_off_nothing_is_noted(f: Any) -> None:
    f.session.learnt_ranking.set_scope(OFF)
    run_by_clip(f, {"direction": 0.3, "image": 0.9}, {"direction": 0.25, "image": 0.95})
    f.keep()
    assert f.session.learnt_ranking.count == 0
    assert not f.settings.path_beside(FILE).exists()


def test_enough_choices_move_the_weights_of_the_next_ranking(f: Any) -> None:
    write_choices(f, LEAST_CHOICES)
    part = reopened(f)
    assert part.learnt is not None
    assert part.learnt.words > 1.0
    assert f.session.driver.weights == part.learnt
    part.set_scope(DOCUMENT)  # nothing was kept in this document
    assert part.learnt is None
    assert f.session.driver.weights == Weights()
    part.set_scope(ALL)
    part.set_sliders(Weights(0.5, 2.0, 1.0))
    assert f.settings["rank_picture"] == 2.0
    assert f.session.driver.weights == part.learnt


def test_what_was_learnt_is_forgotten_for_good(f: Any) -> None:
    write_choices(f, LEAST_CHOICES)
    part = reopened(f)
    part.forget()
    assert part.count == 0
    assert f.session.driver.weights == Weights()
    f.wait(lambda: not f.settings.path_beside(FILE).exists())
    assert file_of(f).read() == []


def test_a_document_is_forgotten_alone(f: Any) -> None:
    write_choices(f, 2)
    write_choices(f, 3, document=f.document.history.roots()[0])
    part = reopened(f)
    assert part.count == 5
    part.set_scope(DOCUMENT)
    assert part.count == 3
    part.forget()
    f.wait(lambda: len(file_of(f).read()) == 2)
    part.set_scope(ALL)
    assert part.count == 2
