from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from app.session.changes import Changes
from app.session.current_results import CurrentResults
from app.session.messages import Messages
from app.session.view_state import ViewState
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from tests.app.session.part_cases import HEIGHT, WIDTH, picture, results, slot

FIRST, SECOND, LATER = slot(1.0), slot(0.5), slot(0.2, done=False)


class Case:
    """A view state over three results, the last one not finished."""

    def __init__(self) -> None:
        self.changes: list[Changes] = []
        self.messages = Messages(self.changes.append)
        self.results = CurrentResults()
        self.results.value = results(FIRST, SECOND, LATER, parent="root")
        self.image: Image | None = picture().image
        self.view = ViewState(
            self.results, lambda node_id: self.image, self.messages, self.changes.append
        )


@pytest.fixture
def case(qapp: QApplication) -> Case:
    return Case()


def coverage(width: int = WIDTH, height: int = HEIGHT) -> Selection:
    return Selection.from_array(np.full((height, width), 255, np.uint8))


def test_looking_from_one_result_to_the_next_compares_them(case: Case) -> None:
    case.view.look_at(FIRST.key)
    assert case.view.compared is None
    case.view.look_at(SECOND.key)
    assert (case.view.looked_at, case.view.compared) == (SECOND.key, FIRST.key)
    case.view.look_at(SECOND.key)
    assert case.changes == [Changes.LOOK] * 2  # nothing new the third time


def test_looking_by_number_skips_what_is_not_finished(case: Case) -> None:
    case.view.look_at_number(1)
    assert case.view.looked_at == case.results.value.ordered[0].key  # type: ignore[union-attr]
    case.view.look_at_number(3)
    assert case.view.looked_at != LATER.key
    case.view.look_at_number(9)
    assert case.view.looked_at is not None
    case.view.look_at_number(0)
    assert case.view.looked_at is None


def test_only_a_finished_result_gives_a_look(case: Case) -> None:
    assert case.view.look is None
    case.view.look_at(LATER.key)
    assert case.view.look is None
    case.view.look_at(FIRST.key)
    case.view.set_opacity(0.25)
    look = case.view.look
    assert look is not None
    assert look.candidates == (FIRST.candidate,)
    assert look.opacity == 0.25


def test_fade_stays_between_nothing_and_all(case: Case) -> None:
    case.view.look_at(FIRST.key)
    case.view.set_opacity(-1.0)
    assert case.view.opacity == 0.0
    case.view.set_opacity(2.0)
    assert case.view.opacity == 1.0
    seen = len(case.changes)
    case.view.set_opacity(1.0)
    assert len(case.changes) == seen
    case.view.set_opacity(0.5)
    case.view.look_at(SECOND.key)
    assert case.view.opacity == 1.0  # another result, not faded yet


def test_painting_takes_a_second_result(case: Case) -> None:
    case.view.start_painting(SECOND.key)
    assert case.view.paint_key is None  # nothing is looked at
    case.view.look_at(FIRST.key)
    case.view.start_painting(FIRST.key)
    assert case.view.paint_key is None  # not into itself
    case.view.set_opacity(0.5)
    case.view.start_painting(SECOND.key)
    assert (case.view.paint_key, case.view.opacity) == (SECOND.key, 1.0)
    case.view.set_opacity(0.5)
    assert case.view.opacity == 1.0  # painted or faded, not both
    paint = coverage()
    case.view.set_paint(paint)
    look = case.view.look
    assert look is not None
    assert (look.second, look.paint) == (SECOND.candidate, paint)
    case.view.stop_painting()
    assert (case.view.paint, case.view.paint_key) == (None, None)


def test_quiet_paint_redraws_nothing(case: Case) -> None:
    case.view.set_paint(coverage(), quiet=True)
    assert case.changes == []
    case.view.set_paint(None)
    assert case.changes == [Changes.LOOK]


def test_results_of_two_sizes_are_not_painted_together(case: Case) -> None:
    assert SECOND.candidate is not None
    cropped = replace(SECOND.candidate, patch=Patch(settings_of({"crop_ratio": (1.0, 1.0)})))
    case.results.value = results(FIRST, replace(SECOND, candidate=cropped), parent="root")
    case.view.look_at(FIRST.key)
    case.view.start_painting(SECOND.key)
    assert case.view.paint_key is None
    assert case.messages.current is not None
    assert "differ in size" in case.messages.current.text


def test_new_pictures_and_pictures_without_pixels_are_not_painted(case: Case) -> None:
    case.view.look_at(FIRST.key)
    case.image = None
    case.view.start_painting(SECOND.key)
    case.image = picture().image
    case.results.value = results(FIRST, SECOND, source=case.image)
    case.view.start_painting(SECOND.key)
    assert case.view.paint_key is None


def test_live_takes_the_result_off_the_canvas_and_a_look_takes_live_off(case: Case) -> None:
    case.view.look_at(FIRST.key)
    case.view.set_live(SECOND.candidate)
    assert case.view.looked_at is None
    case.view.set_live(SECOND.candidate)
    assert case.changes == [Changes.LOOK] * 2
    case.view.look_at(None)
    assert case.view.live is None
    assert case.changes == [Changes.LOOK] * 3


def test_a_result_set_aside_comes_back(case: Case) -> None:
    case.view.set_aside(FIRST.key)
    assert case.results.value is not None
    assert case.results.value.set_aside == {FIRST.key}
    case.view.set_aside(FIRST.key)
    assert case.results.value.set_aside == frozenset()
    case.results.value = None
    case.view.set_aside(FIRST.key)
    assert case.changes == [Changes.RESULTS] * 2


def test_a_selection_of_another_size_goes(case: Case) -> None:
    selection = coverage()
    case.view.set_selection(selection)
    case.view.fit_selection(case.image)
    case.view.fit_selection(None)  # its pixels are still being made
    assert case.view.selection is selection
    case.view.set_selection(coverage(WIDTH + 1))
    case.view.fit_selection(case.image)
    assert case.view.selection is None


def test_clearing_leaves_nothing(case: Case) -> None:
    case.view.set_selection(coverage())
    case.view.look_at(FIRST.key)
    case.view.look_at(SECOND.key)
    case.view.start_painting(FIRST.key)
    case.changes.clear()
    case.view.clear()
    fresh = Case().view
    assert {k: v for k, v in vars(case.view).items() if not k.startswith("_")} == {
        k: v for k, v in vars(fresh).items() if not k.startswith("_")
    }
    assert case.changes == []
