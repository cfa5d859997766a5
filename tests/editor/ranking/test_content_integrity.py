"""Content integrity against figures computed by hand (systems.md §2.6 and §8.3, row DiffChat)."""

from __future__ import annotations

import pytest

from editor.ranking.content_integrity import (
    WantedContent,
    content_integrity,
    gated,
)

SOURCE = "a red castle with a boat on a lake"
KEEP = WantedContent.of(SOURCE, SOURCE)
WITHOUT_BOAT = WantedContent.of(SOURCE, "a red castle on a lake")
NIGHT = WantedContent.of("a castle at noon", "a castle at night")


def test_wanted_content_comes_from_both_prompts() -> None:
    assert WantedContent(("red", "castle", "boat", "lake"), ()) == KEEP
    assert WantedContent(("red", "castle", "lake"), ("boat",)) == WITHOUT_BOAT
    assert WantedContent(("castle", "night"), ("noon",)) == NIGHT


def test_what_a_model_left_out_unasked_is_not_forbidden() -> None:
    source, plain = "a wooden boat on a lake, photograph", "a swan on a lake"
    assert WantedContent.of(source, plain).forbidden == ("wooden", "boat", "photograph")
    read = WantedContent.of(source, plain, "turn the boat into a swan")
    assert read.forbidden == ("wooden", "boat")  # replaced by the swan
    assert WantedContent.of(source, "a boat on a lake", "no photograph").forbidden == (
        "photograph",
    )


@pytest.mark.parametrize(
    ("wanted", "prompt", "score", "lost", "returned"),
    [
        (KEEP, SOURCE, 1.0, (), ()),  # identity
        (KEEP, "Red CASTLES, boats on lakes, oil painting", 1.0, (), ()),  # other forms
        (KEEP, "a castle with a boat on a lake, dramatic light", 0.75, ("red",), ()),  # one of four
        (WITHOUT_BOAT, "a red castle on a lake, matte painting", 1.0, (), ()),  # removal honoured
        (WITHOUT_BOAT, "a red castle with a boat on a lake", 0.0, (), ("boat",)),  # it came back
        (NIGHT, "a castle at noon", 0.0, ("night",), ("noon",)),  # clipped at 0
        (WantedContent(("a", "b"), ("c", "d")), "a b c", 0.5, (), ("c",)),  # 2/2 − 1/2
        (WantedContent((), ()), "anything", 1.0, (), ()),  # nothing required
        (WantedContent((), ("noon",)), "noon", 0.0, (), ("noon",)),
        (KEEP, "", 0.0, ("red", "castle", "boat", "lake"), ()),
        (WantedContent(("sci-fi", "city"), ()), "a sci-fi city", 1.0, (), ()),
    ],
)
def test_scores_by_hand(
    wanted: WantedContent,
    prompt: str,
    score: float,
    lost: tuple[str, ...],
    returned: tuple[str, ...],
) -> None:
    found = content_integrity(prompt, wanted)
    assert found.score == pytest.approx(score, abs=1e-12)
    assert (found.lost, found.returned) == (lost, returned)
    assert set(found.kept) | set(found.lost) == set(wanted.required)


def test_a_word_alike_counts_as_the_required_one() -> None:
    def likeness(one: str, other: str) -> float:
        return {("castle", "fortress"): 0.9, ("lake", "pond"): 0.89}.get((one, other), 0.0)

    found = content_integrity("a red fortress with a boat on a pond", KEEP, likeness)
    assert (found.score, found.lost) == (0.75, ("lake",))


def test_the_gate_moves_what_lost_too_much_behind() -> None:
    prompts = ("a boat", SOURCE, "a red castle", "red castle, boat, lake, fog")
    scores = [content_integrity(prompt, KEEP) for prompt in prompts]
    assert [one.score for one in scores] == [0.25, 1.0, 0.5, 1.0]
    assert gated(scores) == (1, 3, 0, 2)
    assert gated(scores, 0.5) == (1, 2, 3, 0)
    assert gated(scores, 0.0) == (0, 1, 2, 3)
    assert content_integrity("castle, boat, lake, red", KEEP).passes(1.0)
