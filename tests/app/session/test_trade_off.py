from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.session.results import Results, ResultsStage, Slot
from app.session.trade_off import TradeOffPoint, pareto_front, trade_off
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.patch import Patch
from editor.model.score import Gates, Score
from editor.ranking.rank import rank


def points(*figures: tuple[float, float]) -> tuple[TradeOffPoint, ...]:
    return tuple(TradeOffPoint(str(n), n, kept, to) for n, (kept, to) in enumerate(figures, 1))


def results(*scores: dict[str, float]) -> Results:
    """Ranked results with these figures."""
    requests = [
        EditRequest("s", None, Instruction("x"), "adjust", 1, seed=n) for n in range(len(scores))
    ]
    found = tuple(
        Score(r.key, gates=Gates(), **figures)  # type: ignore[arg-type]
        for r, figures in zip(requests, scores, strict=True)
    )
    slots = tuple(Slot(r, Candidate(r, Patch(())), s) for r, s in zip(requests, found, strict=True))
    order = rank(found)
    return Results("job", "root", Instruction("x"), None, ResultsStage.RANKED, slots, order)


def test_the_best_line_leaves_out_what_another_beats() -> None:
    found = pareto_front(points((0.9, 0.1), (0.8, 0.3), (0.7, 0.2), (0.6, 0.5), (0.6, 0.4)))
    assert [point.key for point in found] == ["4", "2", "1"]


def test_of_equal_ones_the_first_stays() -> None:
    assert [p.key for p in pareto_front(points((0.5, 0.5), (0.5, 0.5)))] == ["1"]


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), max_size=12))
def test_nobody_on_the_line_is_beaten_and_all_others_are(
    figures: list[tuple[float, float]],
) -> None:
    every = points(*figures)
    line = pareto_front(every)

    def beaten(one: TradeOffPoint, by: TradeOffPoint) -> bool:
        return by.kept >= one.kept and by.followed >= one.followed and by != one

    for one in line:
        assert not any(
            beaten(one, other) and (other.kept, other.followed) != (one.kept, one.followed)
            for other in every
        )
    for one in set(every) - set(line):
        assert any(beaten(one, other) for other in line)
    assert [p.kept for p in line] == sorted(p.kept for p in line)


def test_clip_measures_where_all_results_have_its_figures() -> None:
    found = trade_off(results({"direction": 0.3, "image": 0.8}, {"direction": 0.1, "image": 0.9}))
    assert [(p.number, p.kept, p.followed) for p in found.points] == [(1, 0.8, 0.3), (2, 0.9, 0.1)]
    assert (found.least_kept, found.least_followed) == (0.7, 0.2)
    assert [p.passed for p in found.points] == [True, False]


def test_else_the_measured_effect_does() -> None:
    found = trade_off(results({"asked": 1.0, "unasked": 0.25}, {"asked": 0.5, "unasked": 0.0}))
    assert {(p.kept, p.followed) for p in found.points} == {(0.8, 1.0), (1.0, 0.5)}
    assert found.least_kept is None


def test_one_result_is_no_trade_off() -> None:
    assert trade_off(results({"direction": 0.3, "image": 0.8})).points == ()
    assert trade_off(None).points == ()
