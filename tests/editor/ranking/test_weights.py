from __future__ import annotations

from dataclasses import astuple

import pytest

from editor.model.score import Gates, Score
from editor.ranking.rank import rank
from editor.ranking.weights import SOUND, Usual, Weights, beauty_of, sides_of, usual_of


def test_results_that_clip_has_not_judged_have_no_sides() -> None:
    assert sides_of(Score("a", asked=1.0), Gates()) is None


def test_sides_are_in_units_of_the_gates() -> None:
    one = sides_of(Score("a", direction=0.2, image=0.85), Gates(direction=0.2, image=0.7))
    two = sides_of(Score("a", direction=0.4, image=0.8), Gates(direction=0.4, image=0.6))
    assert one is not None
    assert two is not None
    assert astuple(one) == pytest.approx(astuple(two))
    assert one.words == pytest.approx(0.5)


def test_damage_counts_against_the_picture_from_sound_on() -> None:
    def picture(damage: float) -> float:
        found = sides_of(Score("a", direction=0.3, image=0.9, damage=damage), Gates())
        assert found is not None
        return found.picture

    assert picture(0.0) == picture(SOUND)
    assert picture(0.3) < picture(0.2) < picture(SOUND)


def test_beauty_is_the_mean_of_what_is_known() -> None:
    assert beauty_of(Score("a")) is None
    assert beauty_of(Score("a", aesthetic=2.0)) == 2.0
    assert beauty_of(Score("a", aesthetic=2.0, preference=4.0)) == 3.0
    assert usual_of([Score("a")]).beauty == 0.0
    assert usual_of(Score("a", preference=float(i)) for i in (20, 21, 30)).beauty == 21.0


def test_beauty_counts_beside_the_usual_result_and_within_limits() -> None:
    def beauty(preference: float) -> float:
        score = Score("a", direction=0.3, image=0.9, preference=preference)
        found = sides_of(score, Gates(), Usual(20.0))
        assert found is not None
        return found.beauty

    assert beauty(20.0) == 0.0
    assert beauty(22.0) == -beauty(18.0) > 0
    assert beauty(500.0) == beauty(400.0)


def test_the_beauty_slider_decides_between_equal_results() -> None:
    listed = [
        Score("plain", direction=0.33, image=0.9, aesthetic=-1.0),
        Score("beautiful", direction=0.3, image=0.9, aesthetic=3.0),
    ]
    assert rank(listed).places[0].key == "beautiful"
    assert rank(listed, Weights(beauty=0.0)).places[0].key == "plain"


def test_gates_go_before_every_weight() -> None:
    listed = [
        Score("off", direction=0.9, image=0.2, aesthetic=5.0),
        Score("within", direction=0.25, image=0.9, aesthetic=-5.0),
    ]
    places = rank(listed, Weights(words=2.0, picture=0.0, beauty=2.0)).places
    assert [place.key for place in places] == ["within", "off"]
    assert not places[1].passed


def test_what_is_kept_outside_counts_beside_the_usual_result() -> None:
    def picture(outside: float | None, usual: float | None = 0.8) -> float:
        score = Score("a", direction=0.3, image=0.9, outside_ssim=outside)
        found = sides_of(score, Gates(), Usual(outside_ssim=usual))
        assert found is not None
        return found.picture

    assert picture(0.7) < picture(0.8) < picture(0.9)
    assert picture(None) == picture(0.8)  # unknown is usual, and not 0
    assert picture(0.0) < picture(None)
    assert picture(0.9, None) == picture(None, None)


def test_the_usual_outside_is_the_median_of_what_is_known() -> None:
    scores = [Score(str(i), outside_ssim=value) for i, value in enumerate((0.2, None, 0.9, 0.6))]
    assert usual_of(scores).outside_ssim == 0.6
    assert usual_of([Score("a")]).outside_ssim is None


def test_of_results_that_are_alike_the_one_that_keeps_more_outside_is_first() -> None:
    listed = [
        Score("spilt", direction=0.3, image=0.9, outside_ssim=0.5),
        Score("kept", direction=0.3, image=0.9, outside_ssim=0.95),
    ]
    assert rank(listed).places[0].key == "kept"
    assert rank(listed, Weights(picture=0.0)).places[0].key == "spilt"  # in their own order
