"""“Why this order” says by what the results really stand in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.panels.why_this_order import WhyThisOrder
from app.runtime.settings import Settings
from app.widgets.basics.labels import Sentence
from app.widgets.basics.sliders import WordSlider
from editor.model.score import CHANGE, DIRECTION, MEASURED, Score
from editor.ranking.rank import rank

SAYS = {
    DIRECTION: "Measured by CLIP",
    MEASURED: "Measured on the pixels",
    CHANGE: "Nothing here can measure",
}


def why(f: Any, tmp_path: Path, *figures: dict[str, Any]) -> tuple[str, str]:
    """First and last sentence where the results have these figures."""
    f.run("brighter", tuple(0.5 for _ in figures))
    results = f.session.results
    slots = tuple(
        replace(slot, score=Score(slot.key, **figure))
        for slot, figure in zip(results.slots, figures, strict=True)
    )
    ranking = rank([slot.score for slot in slots])
    f.session.current_results.value = replace(results, slots=slots, ranking=ranking)
    widget = WhyThisOrder(f.session, Settings(tmp_path / "settings.json"))
    texts = [s.accessibleName() for s in widget.findChildren(Sentence)]
    return texts[0], texts[-1]


@pytest.mark.parametrize(
    ("figures", "bases"),
    [
        ({"direction": 0.3, "image": 0.9}, {DIRECTION}),
        ({"asked": 0.9, "unasked": 0.1}, {MEASURED}),
        # Captions are there, but the change itself was measured.
        ({"direction": 0.3, "image": 0.9, "asked": 0.9, "basis": MEASURED}, {MEASURED}),
        ({"changed": 0.1, "basis": CHANGE, "absent": "domain"}, {CHANGE}),
    ],
)
def test_it_says_by_what(f: Any, tmp_path: Path, figures: dict[str, Any], bases: set[str]) -> None:
    _, last = why(f, tmp_path, figures)
    for basis, text in SAYS.items():
        assert (text in last) == (basis in bases)


def test_the_first_sentence_follows_the_sliders(f: Any, tmp_path: Path) -> None:
    f.run("brighter", (0.5, 1.0))
    results = f.session.results
    bold, mild = (slot.key for slot in results.slots)
    scores = [
        Score(bold, direction=0.32, image=0.75),
        Score(mild, direction=0.28, image=0.99),
    ]
    slots = tuple(replace(s, score=one) for s, one in zip(results.slots, scores, strict=True))
    f.session.current_results.value = replace(results, slots=slots, ranking=rank(scores))
    widget = WhyThisOrder(f.session, Settings(tmp_path / "settings.json"))
    sentence = widget.findChildren(Sentence)[0]
    before = sentence.accessibleName()
    slider: Any = widget.findChild(WordSlider, "rank-picture")
    slider.slider.setValue(4)
    assert f.session.results.ranking.places[0].key == mild
    assert sentence.accessibleName() != before
