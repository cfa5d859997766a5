"""From which picture of a history the content of another comes."""

from __future__ import annotations

import numpy as np
import pytest

from editor.model.content_origin import CHANGED_MUCH, content_origin
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import History, HistoryNode
from editor.model.patch import Patch, Placement, settings_of
from editor.model.ranking import Ranked, Ranking
from editor.model.rect import Rect
from editor.model.score import Score

PAINTED = Patch((), np.zeros((4, 4, 3), np.uint8), Placement(Rect(0, 0, 4, 4)))
TONED = Patch(settings_of({"exposure": 1.0}))


def history(*nodes: HistoryNode) -> History:
    made = History()
    for node in nodes:
        made = made.accept(node)
    return made


def opened(name: str = "root", kind: str = "open", parent: str | None = None) -> HistoryNode:
    return HistoryNode(name, parent, None, name, 0.0, kind=kind)


def edited(
    name: str, parent: str, patch: Patch, changed: float | None = None, opacity: float = 1.0
) -> HistoryNode:
    request = EditRequest("d", None, Instruction(name), "a method", 1, ())
    candidate = Candidate(request, patch)
    score = Score(candidate.key, changed=changed) if changed is not None else None
    ranking = Ranking((Ranked(candidate.key, 1, True, "", score),))
    return HistoryNode(
        name, parent, None, name, 1.0, candidates=(candidate,), ranking=ranking, opacity=opacity
    )


def test_a_picture_as_it_was_opened_is_its_own_origin() -> None:
    assert content_origin(history(opened()), "root").id == "root"


def test_tone_and_colour_keep_the_content_however_much_they_change() -> None:
    found = history(
        opened(), edited("grey", "root", TONED, 0.6), edited("dark", "grey", TONED, 0.9)
    )
    assert content_origin(found, "dark").id == "root"


@pytest.mark.parametrize(
    ("changed", "opacity", "origin"),
    [
        (CHANGED_MUCH / 2, 1.0, "root"),
        (CHANGED_MUCH, 1.0, "painted"),
        (0.32, 1.0, "painted"),
        (0.32, 0.2, "root"),  # faded until little of it is left
        (None, 1.0, "painted"),  # nobody knows how much it changed
    ],
)
def test_a_repaint_begins_another_content_where_it_changed_much(
    changed: float | None, opacity: float, origin: str
) -> None:
    found = history(
        opened(),
        edited("painted", "root", PAINTED, changed, opacity),
        edited("warm", "painted", TONED, 0.2),
    )
    assert content_origin(found, "warm").id == origin


def test_a_pasted_picture_is_another_content() -> None:
    found = history(opened(), opened("pasted", "import", "root"))
    assert content_origin(found, "pasted").id == "pasted"


def test_a_crop_keeps_the_content() -> None:
    assert content_origin(history(opened(), opened("cut", "crop", "root")), "cut").id == "root"
