"""How the picture of one idea lies to that of another."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from editor.model.history import HistoryNode
from editor.model.patch import EXTENDED, Patch, Placement, settings_of
from editor.model.rect import Rect
from editor.render.adjustments.orientation import Orientation
from editor.render.history_orientation import orientation_between
from tests.editor.document_cases import a_candidate

RIGHT = Patch(settings_of({"quarter_turns": 1}))
FLIP = Patch(settings_of({"flip_horizontal": True}))
WARMER = Patch(settings_of({"temperature": 0.3}))
CROP = Patch(settings_of({"crop_ratio": (1.0, 1.0)}))
PIXELS = np.zeros((4, 4, 3), np.float16)
REPAINTED = Patch((), PIXELS, Placement(Rect(0, 0, 4, 4)))
EXTENSION = Patch(
    settings_of({EXTENDED: (0.5, 0.0, 0.0, 0.0)}), PIXELS, Placement(Rect(0, 0, 4, 4))
)


def history(**ideas: tuple[str | None, Patch | None]) -> dict[str, HistoryNode]:
    """Ideas by id, each with its parent and what it did to its picture."""
    made = {}
    for name, (parent, patch) in ideas.items():
        candidates = (replace(a_candidate(), patch=patch),) if patch is not None else ()
        made[name] = HistoryNode(name, parent, None, name, 0.0, candidates)
    return made


def test_turns_and_flips_add_up_along_the_path() -> None:
    nodes = history(
        root=(None, None), right=("root", RIGHT), warm=("right", WARMER), flip=("warm", FLIP)
    )
    there = orientation_between(nodes, "root", "flip")
    assert there == Orientation(1).then(Orientation(0, True))
    assert orientation_between(nodes, "flip", "root") == there.inverse()
    assert orientation_between(nodes, "right", "warm") == Orientation()


def test_the_way_leads_over_the_idea_that_both_come_from() -> None:
    nodes = history(
        root=(None, None), right=("root", RIGHT), twice=("right", RIGHT), flip=("root", FLIP)
    )
    assert orientation_between(nodes, "twice", "flip") == Orientation(2).then(Orientation(0, True))
    assert orientation_between(nodes, "right", "right") == Orientation()


@pytest.mark.parametrize(("patch", "known"), [(REPAINTED, True), (CROP, False), (EXTENSION, False)])
def test_pixels_that_moved_otherwise_have_no_way(patch: Patch, known: bool) -> None:
    nodes = history(root=(None, None), right=("root", RIGHT), made=("right", patch))
    found = orientation_between(nodes, "root", "made")
    assert found == (Orientation(1) if known else None)


def test_pictures_that_were_opened_one_by_one_have_no_way() -> None:
    nodes = history(one=(None, None), other=(None, None), pasted=("one", None))
    assert orientation_between(nodes, "one", "other") is None
    assert orientation_between(nodes, "one", "pasted") is None
