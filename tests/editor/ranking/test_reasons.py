from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.messages import Message
from editor.model.score import ABSENCES, Gates, Score
from editor.ranking.rank import Weights, rank
from editor.ranking.reasons import ABSENT, code_and_values, sentence

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


def test_every_absence_has_its_clause() -> None:
    assert set(ABSENT) == set(ABSENCES)
    for clause in ABSENT.values():
        assert str(clause).startswith("ranked by measured effect")


def test_a_clause_as_json_has_it() -> None:
    assert code_and_values(Message("reason.outside", levels=3)) == ("outside", [3])
    assert code_and_values(Message("reason.keeps")) == ("keeps", [])
    assert code_and_values(Message("effect.rest_stays")) == ("said", ["the rest stays"])


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


def test_outside_the_domain_the_reason_says_by_what_was_ranked() -> None:
    def measured(key: str, cost: float) -> Score:
        return Score(
            key,
            asked=1.0,
            unasked=cost,
            basis="measured",
            absent="domain",
            reasons=(Message("effect.darker"),),
        )

    ranking = rank([measured("costly", 2.0), measured("right", 0.0)])
    assert ranking.places[0].key == "right"
    assert ranking.places[0].reason == (
        "Darker; ranked by measured effect, CLIP does not know such pictures"
    )

    def blind(key: str, changed: float) -> Score:
        return Score(key, changed=changed, basis="change", absent="no_clip")

    listed = [blind("same", 0.0), blind("wild", 0.5), blind("usual", 0.1), blind("mild", 0.08)]
    ranking = rank(listed)
    assert [p.key for p in ranking.places] == ["usual", "mild", "wild", "same"]
    assert [p.passed for p in ranking.places] == [True, True, True, False]
    assert ranking.places[0].reason == (
        "Changes the picture by 10 %; ranked by measured effect, there is no CLIP model"
    )
    assert ranking.places[-1].reason.startswith("Nothing changed")


def test_measured_candidates_keep_their_order_with_clip_figures_beside() -> None:
    def adjusted(key: str, cost: float, direction: float) -> Score:
        return Score(
            key, asked=1.0, unasked=cost, clipped=0.0, direction=direction, image=0.95,
            basis="measured", reasons=(Message("effect.warmer"), Message("effect.rest_stays")),
        )  # fmt: skip

    listed = [adjusted("costly", 2.0, 0.4), adjusted("right", 0.0, 0.1)]
    assert rank(listed).places[0].key == "right"
    painted = clip("painted", direction=0.35)
    # Beside a candidate of another method all are ranked by what all of them have.
    assert [p.key for p in rank([*listed, painted]).places][:2] == ["costly", "painted"]
    unseen = Score("unseen", changed=0.2, basis="change", absent="no_clip")
    alone = Score("alone", asked=0.5, basis="measured", reasons=(Message("effect.warmer"),))
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


def test_the_same_fault_is_not_said_twice() -> None:
    weak = Score("k", asked=0.05, basis="measured", reasons=(Message("effect.hardly"),))
    assert rank([weak]).places[0].reason == "Hardly changes what was asked"
    other = Score("k", asked=-0.05, basis="measured", reasons=(Message("effect.hardly"),))
    assert rank([other]).places[0].reason == "Hardly changes what was asked; goes the other way"
