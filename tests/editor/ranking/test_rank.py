from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.model.score import Gates, MeasuredPart, Score
from editor.ranking.measured_score import measured_score
from editor.ranking.measures import Measures
from editor.ranking.rank import rank
from editor.ranking.weights import Weights

numbers = st.none() | st.floats(-1, 2, allow_nan=False)
scores = st.builds(
    Score,
    key=st.uuids().map(str),
    direction=st.none() | st.floats(-1, 1),
    image=st.none() | st.floats(-1, 1),
    outside=st.none() | st.floats(0, 1),
    asked=numbers,
    unasked=st.none() | st.floats(0, 9),
    clipped=st.none() | st.floats(0, 1),
)


def parametric(key: str, asked: float, unasked: float = 0.0, clipped: float = 0.0) -> Score:
    return Score(
        key,
        asked=asked,
        unasked=unasked,
        clipped=clipped,
    )


@given(st.lists(scores, max_size=8))
def test_nothing_is_hidden_and_passing_come_first(listed: list[Score]) -> None:
    ranking = rank(listed)
    assert sorted(p.key for p in ranking.places) == sorted(s.key for s in listed)
    assert [p.rank for p in ranking.places] == list(range(1, len(listed) + 1))
    passed = [p.passed for p in ranking.places]
    assert passed == sorted(passed, reverse=True)
    assert all(p.passed or p.reason for p in ranking.places)


def test_more_of_what_was_asked_wins_per_cost() -> None:
    listed = [
        parametric("right", 1.0),
        parametric("weak", 0.4),
        parametric("right but noisy", 1.0, unasked=2.0),
        parametric("right but clips", 1.0, clipped=0.04),
        parametric("far too much", 3.0, unasked=0.5),
    ]
    order = [p.key for p in rank(listed).places]
    assert order[0] == "right"
    assert order.index("right but clips") < order.index("right but noisy")


def test_the_strength_that_was_said_is_the_right_one() -> None:
    """The first request is the plain reading: "much darker" is not done by half of it."""
    listed = [parametric("as said", 2.0), parametric("usual", 1.0), parametric("more", 3.2)]
    assert rank(listed).places[0].key == "as said"
    gentle = [parametric("as said", 0.4), parametric("usual", 1.0), parametric("less", 0.2)]
    assert rank(gentle).places[0].key == "as said"


def test_ties_stay_in_request_order() -> None:
    listed = [parametric(str(i), 0.8) for i in range(5)]
    assert [p.key for p in rank(listed).places] == ["0", "1", "2", "3", "4"]


def test_below_the_bar_says_why() -> None:
    listed = [
        parametric("clips", 1.0, clipped=0.2),
        parametric("weak", 0.05),
        parametric("good", 0.5),
    ]
    ranking = rank(listed)
    assert ranking.places[0].key == "good"
    places = {p.key: p for p in ranking.places}
    assert not places["clips"].passed
    assert places["clips"].reason == "20 % of the picture became pure black or white"
    assert not places["weak"].passed
    assert places["weak"].reason == "Too little changed"
    assert rank(listed, gates=Gates(clipped=1.0, asked=0.0)).places[-1].passed


def test_change_outside_the_selection_is_below_the_bar() -> None:
    leaky = Score("leaky", asked=1.0, outside=3 / 255)
    place = rank([leaky, parametric("tight", 0.5)]).place("leaky")
    assert place is not None
    assert not place.passed
    assert place.reason == "Changed outside the selection by 3 of 255"


def test_clip_scores_follow_the_documented_rule() -> None:
    listed = [
        Score("weak", direction=0.15, image=0.95),
        Score("strong", direction=0.31, image=0.75),
        Score("middle", direction=0.25, image=0.92),
        Score("other picture", direction=0.4, image=0.5),
    ]
    ranking = rank(listed)
    assert [p.key for p in ranking.places[:2]] == ["strong", "middle"]
    reasons = {p.key: p.reason for p in ranking.places}
    assert reasons["strong"] == "Follows the words better than result 2"  # another has more
    assert reasons["weak"] == "Too little changed"
    assert reasons["other picture"] == "Changed more than asked"
    assert [p.key for p in rank(listed, Weights(words=0.5, picture=2.0)).places[:2]] == [
        "middle",
        "strong",
    ]


def test_the_caption_after_counts_as_much_as_was_measured_for_the_model() -> None:
    def listed(weight: float) -> list[Score]:
        bar = Gates(origin="calibrated", target_weight=weight)
        return [
            Score("far", direction=0.5, image=0.8, target=0.3, gates=bar),
            Score("there", direction=0.45, image=0.8, target=0.4, gates=bar),
        ]

    assert [p.key for p in rank(listed(0.0)).places] == ["far", "there"]
    places = rank(listed(1.0)).places
    assert [p.key for p in places] == ["there", "far"]
    assert places[0].reason == "Follows the words best"
    assert places[1].reason == ""
    slid = rank(listed(1.0), Weights(words=2.0, picture=0.5))
    assert [p.key for p in slid.places] == ["there", "far"]


def test_sliders_re_sort_parametric_candidates() -> None:
    strong = parametric("strong", 1.0, unasked=1.0)
    gentle = parametric("gentle", 0.55, unasked=0.2)
    assert rank([strong, gentle]).places[0].key == "strong"
    assert rank([strong, gentle], Weights(words=0.5, picture=2.0)).places[0].key == "gentle"


def test_a_measured_score_has_every_part_of_the_words() -> None:
    values = {
        "lightness": (50.0, 50.2),
        "contrast": (20.0, 20.0),
        "shadows": (20.0, 24.0),
        "highlights": (80.0, 80.0),
        "warmth": (5.0, 11.0),
        "tint": (0.0, 0.0),
        "chroma": (15.0, 17.0),
        "hue_spread": (15.0, 17.0),
    }
    score = measured_score("k", Measures(values, clipped=0.0), (("warmth", 1),), ("shadows",))
    assert score.asked is not None
    assert 0.9 < score.asked < 1.1
    assert score.unasked is not None
    assert score.unasked > 0
    assert score.parts == (
        MeasuredPart("warmth", 1, 1.0), MeasuredPart("shadows", 0, 0.8, part=1),
    )  # fmt: skip
    both = measured_score(
        "k", Measures(values), (("warmth", 1), ("shadows", -1)), parts=(("warmth",), ("shadows",))
    )
    assert both.asked == 0.1
    assert both.parts == (
        MeasuredPart("warmth", 1, 1.0), MeasuredPart("shadows", -1, -0.8, part=1),
    )  # fmt: skip
    wrong = measured_score("k", Measures(values), (("warmth", -1),))
    assert wrong.asked is not None
    assert wrong.asked < 0
    assert not rank([wrong]).places[0].passed


def repainted(key: str, direction: float, damage: float | None) -> Score:
    return Score(
        key, direction=direction, image=0.9, source=0.3, target=0.3, changed=0.1, damage=damage
    )


def test_a_damaged_candidate_stands_after_every_sound_one_that_does_what_was_asked() -> None:
    listed = [
        repainted("soft", 0.9, 0.6),
        repainted("sound", 0.3, 0.05),
        repainted("no figure", 0.4, None),
        repainted("a little soft", 0.45, 0.3),
    ]
    ranking = rank(listed)
    assert [place.key for place in ranking.places] == [
        "no figure", "sound", "a little soft", "soft",
    ]  # fmt: skip
    assert [place.passed for place in ranking.places] == [True, True, True, False]
    assert ranking.places[-1].reason == "Edges became soft"
    assert rank(listed, gates=Gates(damage=0.7)).places[-1].passed


@pytest.mark.parametrize("basis", ["change", "measured"])
def test_damage_counts_on_every_basis(basis: str) -> None:
    listed = [
        Score("soft", basis=basis, changed=0.1, asked=1.0, damage=0.35),
        Score("sound", basis=basis, changed=0.1, asked=1.0, damage=0.0),
        Score("ruined", basis=basis, changed=0.1, asked=1.0, damage=0.9),
    ]
    assert [place.key for place in rank(listed).places] == ["sound", "soft", "ruined"]


def test_what_is_almost_the_same_comes_after_the_distinct_ones() -> None:
    listed = [
        repainted("a", 0.6, 0.0),
        replace(repainted("like a", 0.7, 0.0), alike=("a",)),
        repainted("other", 0.5, 0.0),
        replace(repainted("like both", 0.65, 0.0), alike=("a", "like a")),
        repainted("weak", 0.1, 0.0),
    ]
    ranking = rank(listed)
    keys = [place.key for place in ranking.places]
    assert keys == ["like a", "other", "like both", "a", "weak"]
    assert [place.reason for place in ranking.places[2:4]] == ["Almost the same as result 1"] * 2
    assert [place.passed for place in ranking.places] == [True, True, True, True, False]


def test_a_repeated_result_does_not_pass_the_bar_of_the_one_it_repeats() -> None:
    listed = [
        replace(repainted("soft", 0.7, 0.6)),
        replace(repainted("sound", 0.5, 0.0), alike=("soft",)),
        replace(repainted("soft too", 0.6, 0.6), alike=("soft",)),
    ]
    ranking = rank(listed)
    assert [place.key for place in ranking.places] == ["sound", "soft", "soft too"]
    assert [place.reason for place in ranking.places[1:]] == ["Edges became soft"] * 2
