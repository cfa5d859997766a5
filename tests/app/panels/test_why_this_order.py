"""“Why this order” says by what the results really stand in order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.panels.learning_row import learnt_text
from app.panels.score_table import ScoreTable
from app.panels.why_this_order import WhyThisOrder
from app.theme.theme import MEDIUM
from app.widgets.basics.buttons import LinkButton
from app.widgets.basics.labels import Sentence
from app.widgets.basics.painting import text_width
from app.widgets.basics.sliders import WordSlider
from editor.model.score import CHANGE, DIRECTION, MEASURED, Score
from editor.ranking.rank import rank
from editor.ranking.weights import Sides, Weights
from editor.storage.choice_file import StoredChoice

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
    widget = WhyThisOrder(f.session)
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
    widget = WhyThisOrder(f.session)
    sentence = widget.findChildren(Sentence)[0]
    before = sentence.accessibleName()
    slider: Any = widget.findChild(WordSlider, "rank-picture")
    slider.slider.setValue(4)
    assert f.session.results.ranking.places[0].key == mild
    assert sentence.accessibleName() != before


def ranked_by_clip(f: Any, *figures: dict[str, Any]) -> None:
    f.run("brighter", tuple(0.5 + i / 10 for i in range(len(figures))))
    results = f.session.results
    slots = tuple(
        replace(slot, score=Score(slot.key, **figure))
        for slot, figure in zip(results.slots, figures, strict=True)
    )
    ranking = rank([slot.score for slot in slots])
    f.session.current_results.value = replace(results, slots=slots, ranking=ranking)


def test_the_numbers_stand_in_the_order_of_the_list(f: Any) -> None:
    ranked_by_clip(
        f,
        {"direction": 0.25, "image": 0.9, "damage": 0.31},
        {"direction": 0.35, "image": 0.85, "damage": 0.02},
    )
    widget = WhyThisOrder(f.session)
    table: Any = widget.findChild(ScoreTable, "score-table")
    assert not table.isHidden()
    text = table.accessibleDescription()
    assert text == "1, Words 0.35, Kept 0.85, Damage 0.02; 2, Words 0.25, Kept 0.90, Damage 0.31"
    assert widget.findChild(WordSlider, "rank-beauty").isHidden()  # type: ignore[union-attr]


def test_beauty_has_a_slider_where_a_model_rates_it(f: Any) -> None:
    ranked_by_clip(
        f,
        {"direction": 0.33, "image": 0.9, "aesthetic": -1.0},
        {"direction": 0.3, "image": 0.9, "aesthetic": 3.0},
    )
    beautiful = f.session.results.slots[1].key
    assert f.session.results.ranking.places[0].key == beautiful
    widget = WhyThisOrder(f.session)
    slider: Any = widget.findChild(WordSlider, "rank-beauty")
    assert not slider.isHidden()
    slider.slider.setValue(0)
    assert f.session.results.ranking.places[0].key != beautiful
    table: Any = widget.findChild(ScoreTable, "score-table")
    text = table.accessibleDescription()
    assert text == "1, Words 0.33, Kept 0.90, Beauty -2.00; 2, Words 0.30, Kept 0.90, Beauty +2.00"


def test_no_heading_of_the_numbers_is_cut_or_touches_the_next(f: Any) -> None:
    figures = {"direction": 0.84, "target": 0.73, "image": 0.91, "damage": 0.35,
               "aesthetic": 1.5, "preference": 2.5}  # fmt: skip
    ranked_by_clip(f, figures, {**figures, "aesthetic": -0.5, "preference": -1.5})
    table = ScoreTable(f.session.results)
    table.resize(270, table.sizeHint().height())
    cells = table.columns()
    assert [head for head, _, _ in cells] == [
        "Words", "Caption", "Kept", "Damage", "Beauty", "Liked",
    ]  # fmt: skip
    for (head, left, right), (_, after, _) in zip(cells, [*cells[1:], ("", 270.5, 0)], strict=True):
        assert right - left >= text_width(head, 11, MEDIUM) + 4
        assert right <= after


def test_what_is_kept_outside_is_among_the_numbers_where_it_is_known(f: Any) -> None:
    figures = {"direction": 0.84, "target": 0.73, "image": 0.91, "damage": 0.35,
               "aesthetic": 1.5, "preference": 2.5}  # fmt: skip
    ranked_by_clip(f, {**figures, "outside_ssim": 0.87}, {**figures, "direction": 0.8})
    table = ScoreTable(f.session.results)
    first, second = table.accessibleDescription().split("; ")
    assert "Caption 0.73, Kept 0.91, Outside 0.87, Damage 0.35" in first
    assert "Outside –" in second
    assert table.toolTip().split("\n") == [first, second]
    heads = {}
    for width in (400, 270, 240):
        table.resize(width, table.sizeHint().height())
        cells = table.columns()
        heads[width] = [head for head, _, _ in cells]
        assert all(b - a >= text_width(head, 11, MEDIUM) + 4 for head, a, b in cells)
        assert not table.grab().isNull()
    assert "Caption" in heads[400]
    assert "Outside" in heads[400]
    assert "Caption" not in heads[270]
    assert "Outside" in heads[270]


def test_results_measured_on_pixels_have_no_table(f: Any) -> None:
    ranked_by_clip(f, {"asked": 0.9, "unasked": 0.1}, {"asked": 0.5, "unasked": 0.1})
    assert WhyThisOrder(f.session).findChild(ScoreTable, "score-table").isHidden()  # type: ignore[union-attr]


def test_what_was_learnt_is_said_and_can_be_forgotten(f: Any) -> None:
    ranked_by_clip(f, {"direction": 0.25, "image": 0.9}, {"direction": 0.3, "image": 0.85})
    widget = WhyThisOrder(f.session)
    forget: Any = widget.findChild(LinkButton, "rank-forget")
    said = [one.accessibleName() for one in widget.findChildren(Sentence)]
    assert any("0 of 20 kept results" in text for text in said)
    assert forget.isHidden()
    part = f.session.learnt_ranking
    bold, mild = Sides(0.8, 0.0, 0.0), Sides(0.4, 0.3, 0.0)
    stored = [StoredChoice("d", str(i), "a", (("a", bold), ("b", mild))) for i in range(30)]
    part._take(stored)
    said = [one.accessibleName() for one in widget.findChildren(Sentence)]
    assert any("Learnt from 30 kept results" in text for text in said)
    assert any("the words count more" in text for text in said)
    forget.click()
    assert part.count == 0
    said = [one.accessibleName() for one in widget.findChildren(Sentence)]
    assert any("0 of 20 kept results" in text for text in said)


def test_what_was_learnt_in_words() -> None:
    assert learnt_text(Weights(), Weights()) == "what you keep fits the sliders"
    learnt = Weights(1.4, 0.5, 1.0)
    assert learnt_text(learnt, Weights()) == "the words count more (1.4), the picture less (0.5)"
