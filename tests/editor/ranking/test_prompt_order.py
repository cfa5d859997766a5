from __future__ import annotations

from editor.ranking.prompt_order import RankedPrompt, faithful_words, ordered, polished_words


def test_faithful_is_the_share_of_the_concepts_words() -> None:
    assert faithful_words("old red castle", "Castles on a hill, red sky") == 2 / 3
    assert faithful_words("castle", "a castle") == 1.0


def test_polished_counts_modifiers_between_commas() -> None:
    assert polished_words("a castle, highly detailed, oil painting by monet, on a hill") == 2
    assert polished_words("a castle in cinematic lighting, 8k") == 2
    assert polished_words("a detailedness") == 0
    assert polished_words("") == 0


def test_order_goes_from_faithful_to_polished() -> None:
    plain = RankedPrompt("plain", 1.0, 0)
    middle = RankedPrompt("middle", 0.8, 2)
    rich = RankedPrompt("rich", 0.2, 5)
    given = [rich, plain, middle]
    assert ordered(given, 0.0) == (plain, middle, rich)
    assert ordered(given, 1.0) == (rich, middle, plain)
    # Ranks 1·3, 2·2, 3·1: the two with √3 before the one with 2, the more faithful first.
    assert ordered(given, 0.5) == (plain, rich, middle)
    equal = [RankedPrompt(name, 0.5, 1) for name in "ab"]
    assert ordered(equal, 0.3) == tuple(equal)
    assert ordered([]) == ()
