from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.messages import Message, verbatim
from editor.model.patch import settings_of
from editor.model.score import ABSENCES, Gates, MeasuredPart, Score
from editor.ranking.rank import rank
from editor.ranking.reasons import (
    ABSENT,
    DONE,
    SOFT,
    STAYED,
    code_and_values,
    missed_parts,
    sentence,
    why_not_by_clip,
)
from editor.ranking.weights import Weights

PAPER = Gates()


def clip(key: str, direction: float = 0.3, image: float = 0.85, target: float = 0.3,
         source: float = 0.3, changed: float = 0.1, **more: object) -> Score:  # fmt: skip
    return Score(
        key, direction=direction, image=image, target=target, source=source, changed=changed,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def codes(key: str, *listed: Score, gates: Gates | None = None) -> list[str]:
    place = rank(listed, gates=gates).place(key)
    assert place is not None
    assert place.reason == sentence(place.clauses)
    return [clause.code.removeprefix("reason.") for clause in place.clauses]


def tone(key: str, *shares: float, ways: tuple[int, ...] = (1, 1), **more: object) -> Score:
    """Warmth and lightness, two parts of the words, by what was reached of each."""
    parts = tuple(
        MeasuredPart(quantity, way, share, part)
        for part, (quantity, way, share) in enumerate(
            zip(("warmth", "shadows"), ways, shares, strict=False)
        )
    )
    figures = {"asked": sum(shares) / len(shares), "unasked": 0.0, "clipped": 0.0, **more}
    return Score(key, basis="measured", parts=parts, **figures)  # type: ignore[arg-type]


def said(*listed: Score, same_words: bool = True) -> dict[str, str]:
    return {place.key: place.reason for place in rank(listed, same_words=same_words).places}


def test_every_absence_is_said_once_for_all_results() -> None:
    assert set(ABSENT) == set(ABSENCES)
    for absent in ABSENCES:
        blind = [Score(key, changed=0.1, basis="change", absent=absent) for key in "ab"]
        assert str(why_not_by_clip(blind)).startswith("Ranked by what was measured, because")
        assert set(said(*blind).values()) == {""}
    assert why_not_by_clip([clip("a")]) is None


def test_a_clause_as_json_has_it() -> None:
    assert code_and_values(Message("reason.outside", levels=3)) == ("outside", [3])
    assert code_and_values(Message("reason.keeps_best")) == ("keeps_best", [])
    of_all = Message("reason.of_all", what=Message("extreme.warmer"), count=Message("number.4"))
    assert code_and_values(of_all) == ("of_all", ["four", "warmest"])
    assert code_and_values(verbatim("warmer")) == ("said", ["warmer"])


@pytest.mark.parametrize("edge", ["image", "direction", "caption"])
def test_gates_are_inclusive(edge: str) -> None:
    value = getattr(PAPER, edge)
    name = {"caption": "target"}.get(edge, edge)
    figures = {"direction": 0.3, "image": 0.85, "target": 0.3, "source": 0.3, "changed": 0.1}
    assert rank([Score("k", **{**figures, name: value})]).places[0].passed
    assert not rank([Score("k", **{**figures, name: value - 1e-6})]).places[0].passed


def test_each_gate_says_what_is_short() -> None:
    good = clip("good")
    assert codes("good", good, clip("other", direction=0.25))[0] == "follows_best"
    assert codes("x", clip("x", image=0.5), good) == ["too_much"]
    assert codes("x", clip("x", direction=0.1, image=0.97), good) == ["weak"]
    assert codes("x", clip("x", direction=0.1, image=0.75), good) == ["other_change"]
    assert codes("x", clip("x", target=0.1), good) == ["off_target"]
    assert codes("x", clip("x", direction=0.0, image=1.0, changed=0.0), good) == ["unchanged"]
    assert codes("x", clip("x", image=0.99), good, gates=Gates(most=0.98)) == ["weak"]


def test_an_ill_fitting_caption_dims_all_and_changes_no_order() -> None:
    listed = [
        clip("other", direction=0.5, image=0.4, source=0.1),
        clip("second", direction=0.25, source=0.1),
        clip("first", direction=0.35, source=0.1),
    ]
    ranking = rank(listed)
    assert [p.key for p in ranking.places] == ["first", "second", "other"]
    assert not any(p.passed for p in ranking.places)
    assert "reason.off_caption" in [c.code for c in ranking.places[0].clauses]


def test_the_bar_travels_with_the_score_and_the_artist_s_own_wins() -> None:
    strict = Gates(direction=0.4, origin="calibrated")
    listed = [clip("a", gates=strict), clip("b", direction=0.45, gates=strict)]
    assert [p.passed for p in rank(listed).places] == [True, False]
    assert all(p.passed for p in rank(listed, gates=Gates(direction=0.1)).places)


def test_without_clip_the_measured_effect_decides() -> None:
    def measured(key: str, cost: float) -> Score:
        return Score(key, asked=1.0, unasked=cost, basis="measured", absent="domain")

    ranking = rank([measured("costly", 2.0), measured("right", 0.0)])
    assert [p.key for p in ranking.places] == ["right", "costly"]
    assert [p.reason for p in ranking.places] == ["Keeps the rest best", ""]

    def blind(key: str, changed: float) -> Score:
        return Score(key, changed=changed, basis="change", absent="no_clip")

    listed = [blind("same", 0.0), blind("wild", 0.5), blind("usual", 0.1), blind("mild", 0.08)]
    ranking = rank(listed)
    assert [p.key for p in ranking.places] == ["usual", "mild", "wild", "same"]
    assert [p.passed for p in ranking.places] == [True, True, True, False]
    assert [p.reason for p in ranking.places] == ["", "", "Changes the most", "Nothing changed"]


def test_measured_candidates_keep_their_order_with_clip_figures_beside() -> None:
    def adjusted(key: str, cost: float, direction: float) -> Score:
        return Score(
            key, asked=1.0, unasked=cost, clipped=0.0, direction=direction, image=0.95,
            basis="measured",
        )  # fmt: skip

    listed = [adjusted("costly", 2.0, 0.4), adjusted("right", 0.0, 0.1)]
    assert rank(listed).places[0].key == "right"
    painted = clip("painted", direction=0.35)
    # Beside a candidate of another method all are ranked by what all of them have.
    assert [p.key for p in rank([*listed, painted]).places][:2] == ["costly", "painted"]
    unseen = Score("unseen", changed=0.2, basis="change", absent="no_clip")
    alone = Score("alone", asked=0.5, basis="measured")
    assert [p.key for p in rank([unseen, alone]).places] == ["alone", "unseen"]


@given(
    st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=1, max_size=6),
    st.floats(0.01, 0.9), st.floats(-0.5, 0.95),
)  # fmt: skip
def test_sliders_and_gates_never_lose_a_candidate(
    figures: list[tuple[float, float]], direction: float, image: float
) -> None:
    listed = [Score(str(i), direction=d, image=m) for i, (d, m) in enumerate(figures)]
    bar = Gates(direction=direction, image=image)
    ranking = rank(listed, Weights(words=0.5, picture=1.5), bar)
    assert sorted(p.key for p in ranking.places) == sorted(s.key for s in listed)
    for place in ranking.places:
        assert place.score is not None
        held = place.score.direction >= direction and place.score.image >= image  # type: ignore[operator]
        assert place.passed == held


def test_the_case_that_was_reported() -> None:
    """For "warmer and lift the shadows" the one that does both stands first."""
    listed = [tone("warm only", 1.9, 0.02), tone("both", 0.6, 0.5), tone("shadows only", 0.0, 1.8)]
    ranking = rank(listed)
    assert [place.key for place in ranking.places] == ["both", "warm only", "shadows only"]
    reasons = [place.reason for place in ranking.places]
    assert reasons[1:] == [
        "Warmer, but the shadows stayed",
        "Lighter shadows, but the warmth stayed",
    ]


def test_a_part_that_went_the_other_way_or_did_not_stay_is_named() -> None:
    assert said(tone("k", 1.0, -0.4)) == {"k": "Warmer, but the shadows went the other way"}
    moved = tone("k", 1.0, 0.6, ways=(1, 0), asked=1.0)
    assert said(moved) == {"k": "Warmer, but the shadows did not stay"}
    assert said(tone("k", 1.0, 0.1, ways=(1, 0), asked=1.0)) == {"k": ""}


def test_two_results_are_compared_and_several_counted() -> None:
    assert said(tone("a", 1.0), tone("b", 0.6)) == {
        "a": "Warmer than the other", "b": "Milder than the other"
    }  # fmt: skip
    four = said(tone("a", 1.0, 0.6), tone("b", 2.0, 1.6), tone("c", 1.4, 0.9), tone("d", 0.9, 0.5))
    assert four["b"] == "Warmest of the four, and the lightest shadows"
    assert four["a"] == ""
    assert said(tone("a", 1.0), tone("b", 0.4), tone("c", 1.05))["b"] == "Mildest of the three"


def test_the_first_without_another_reason_is_compared_with_the_second() -> None:
    listed = [tone("plain", 1.0), tone("strong", 2.0), tone("gentle", 0.4, unasked=1.0)]
    ranking = rank(listed)
    assert [place.key for place in ranking.places][:2] == ["plain", "strong"]
    # It is cooler than the second, which nobody asked for, so there is nothing to say for it.
    assert ranking.places[0].reason == ""
    listed = [tone("plain", 1.0), tone("gentle", 0.6), tone("far too much", 2.9, unasked=3.0)]
    assert said(*listed)["plain"] == "Warmer than result 2"


def test_damage_is_named_first_and_such_a_result_is_not_praised() -> None:
    melted = clip("melted", direction=0.9, image=0.99, damage=0.3)
    assert said(melted, clip("sound"))["melted"] == "Edges became soft"
    assert said(clip("worse", image=0.5, damage=0.9), clip("sound"))["worse"] == "Edges became soft"


def test_different_words_are_not_compared_by_how_well_they_were_followed() -> None:
    listed = [clip("night", direction=0.9), clip("snow", direction=0.3), clip("boat", image=0.95)]
    assert said(*listed, same_words=False) == {
        "night": "", "snow": "", "boat": "Keeps the most of the picture"
    }  # fmt: skip


def test_where_nothing_differs_nothing_is_said() -> None:
    assert set(said(clip("a"), clip("b", direction=0.301)).values()) == {""}
    assert set(said(tone("a", 1.0, 0.7), tone("b", 1.05, 0.72)).values()) == {""}
    assert said(clip("alone")) == {"alone": ""}


shares = st.floats(-1.5, 3.0)
runs = st.lists(
    st.builds(
        lambda a, b, unasked: (a, b, unasked), shares, shares, st.floats(0.0, 4.0)
    ),
    min_size=1, max_size=6,
).map(lambda rows: [tone(str(i), a, b, unasked=u) for i, (a, b, u) in enumerate(rows)])  # fmt: skip


def reached(score: Score | None, quantity: str) -> float:
    assert score is not None
    return next(one.share for one in score.parts if one.quantity == quantity)


@given(runs)
def test_every_claim_about_tone_is_true_of_its_numbers(listed: list[Score]) -> None:
    ranking = rank(listed)
    words = {"warmest": ("warmth", max), "coolest": ("warmth", min),
             "lightest shadows": ("shadows", max), "deepest shadows": ("shadows", min)}  # fmt: skip
    for place in ranking.places:
        assert len(place.clauses) <= 1
        reason = place.reason.lower()
        for phrase, (quantity, end) in words.items():
            if phrase in reason:
                values = [reached(one, quantity) for one in listed]
                assert reached(place.score, quantity) == end(values)
                assert values.count(end(values)) == 1
        if "keeps the rest best" in reason:
            assert place.score is not None
            assert place.score.unasked == min(one.unasked or 0.0 for one in listed)
        if "the shadows stayed" in reason:
            assert abs(reached(place.score, "shadows")) < STAYED
            assert reached(place.score, "warmth") >= DONE
        if "the warmth went the other way" in reason:
            assert reached(place.score, "warmth") < 0
        if "than result 2" in reason:
            assert place.rank == 1
            second = ranking.places[1].score
            if reason.startswith("warmer"):
                assert reached(place.score, "warmth") > reached(second, "warmth")


@given(runs)
def test_who_does_every_part_stands_before_who_does_not(listed: list[Score]) -> None:
    passed = [place for place in rank(listed).places if place.passed]
    assert all(place.score is not None for place in passed)
    missed = [len(missed_parts(place.score)) for place in passed if place.score]
    assert missed == sorted(missed)


@given(
    st.lists(
        st.tuples(st.floats(-1, 1), st.floats(0, 1), st.none() | st.floats(0, 1)),
        min_size=1, max_size=6,
    )
)  # fmt: skip
def test_every_claim_by_clip_is_true_of_its_numbers(
    figures: list[tuple[float, float, float | None]],
) -> None:
    listed = [clip(str(i), direction=d, image=m, damage=x) for i, (d, m, x) in enumerate(figures)]
    for place in rank(listed).places:
        assert place.score is not None
        codes = [clause.code.removeprefix("reason.") for clause in place.clauses]
        assert len(codes) <= 1
        if codes == ["follows_best"]:
            assert place.score.direction == max(d for d, _, _ in figures)
        if codes == ["keeps_best"]:
            assert place.score.image == max(m for _, m, _ in figures)
        if codes == ["changes_most"]:
            assert place.score.image == min(m for _, m, _ in figures)
        if (place.score.damage or 0.0) > SOFT:
            assert codes == ["damaged"] or not place.passed


def test_shades_of_one_colour_are_told_apart() -> None:
    """A recolour asks for no direction: its results differ in how light and colourful they are."""
    changes = {"a": (2.0, 1.0), "b": (-9.0, 2.0), "c": (8.0, 0.5), "d": (2.2, -6.0)}
    shades = [
        tone(key, 1.0, ways=(), extra=(("chroma", chroma), ("lightness", lightness)))
        for key, (lightness, chroma) in changes.items()
    ]
    assert said(*shades) == {
        "a": "Brighter than result 2", "b": "Darkest of the four", "c": "Brightest of the four",
        "d": "Least colour of the four",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("noted", "words"),
    [
        ({"shifted_percent": 3.2, "scaled_percent": -0.4}, "The result is shifted by 3 %"),
        ({"shifted_percent": 1.0, "scaled_percent": 5.1}, "The picture is drawn 5 % larger"),
        ({"shifted_percent": 1.0, "scaled_percent": -5.1}, "The picture is drawn 5 % smaller"),
    ],
)
def test_a_result_that_lies_aside_is_said_before_all_else(
    noted: dict[str, float], words: str
) -> None:
    aside = clip("aside", damage=0.9, extra=settings_of(noted))
    assert said(aside, clip("sound"))["aside"] == words
