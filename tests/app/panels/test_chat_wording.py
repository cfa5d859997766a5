from __future__ import annotations

from app.panels.chat_wording import loses_text, prompt_spans, rewrite_bars
from app.session.chat_turn import ChatTurn
from app.widgets.prompt.diff import diff_text
from editor.ranking.content_integrity import ContentIntegrity
from inference.request.rewrite_job import RewrittenPrompt

BEFORE = "a red house with a green apple tree and a fence, in a meadow, at noon"


def marked(after: str) -> str:
    return diff_text(prompt_spans(BEFORE, after))


def test_what_stays_is_plain_and_marks_stand_with_their_words() -> None:
    assert marked(f"{BEFORE}, soft light") == f"{BEFORE}, + soft light"
    night = "a red house with a green apple tree and a fence, in a meadow, at night"
    assert marked(night).startswith("a red house with a green apple tree and a fence, in a meadow,")
    assert "noon → night" in marked(night)


def test_only_the_words_that_go_are_struck() -> None:
    text = marked("a red house with a fence, in a meadow, at noon")
    assert text.startswith("a red house with")
    assert "− " in text
    assert "green apple tree" in text
    assert text.endswith("in a meadow, at noon")


def test_bars_say_what_was_measured_alone() -> None:
    lost = RewrittenPrompt("a house", ContentIntegrity(0.5, ("house",), ("tree", "fence"), ()))
    turn = ChatTurn("smaller", "job", "node", BEFORE, options=(lost,))
    (kept,) = rewrite_bars(turn, lost, 0.8)
    assert (kept.name, kept.value, kept.notch, kept.passed) == ("Kept", 0.5, 0.8, False)


def test_the_line_names_what_is_lost_or_is_back() -> None:
    lost = RewrittenPrompt("a", ContentIntegrity(0.5, (), ("tree", "fence"), ()))
    back = RewrittenPrompt("b", ContentIntegrity(0.0, (), (), ("noon",)))
    assert loses_text((lost, back)) == "Loses something: tree, fence"
    assert loses_text((back,)) == "Brings back: noon"
