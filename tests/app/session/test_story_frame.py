from __future__ import annotations

from app.session.story_frame import MOST_FRAMES, cells_of, frame_of, frames_of
from editor.english.concepts import Concept
from editor.ranking.prompt_order import RankedPrompt

STORY = (
    "A red house stood at the edge of the meadow. An orange cat lived in the red house. "
    "The cat flew over the hills in a balloon. At night the cat came home to the red house."
)


def test_a_story_is_told_in_its_moments_and_in_its_order() -> None:
    frames = frames_of(STORY)
    ticked = [one for one in frames if one.ticked]
    assert {one.concept.kind for one in ticked} == {"sentence"}
    assert 2 <= len(ticked) <= MOST_FRAMES
    cells = cells_of(frames, 0.5, {}, {}, frozenset(), story=True, each=4)
    places = [STORY.index(cell.frame.sentence) for cell in cells]
    assert places == sorted(places)
    assert [cell.number for cell in cells] == list(range(1, len(cells) + 1))
    assert any(one.concept.text == "red house" and not one.ticked for one in frames)


def test_a_word_is_its_own_concept_and_prompt() -> None:
    (frame,) = frames_of("lighthouse")
    assert frame.ticked
    assert frame.sentence == ""
    assert [one.prompt for one in frame.prompts] == ["lighthouse"]


def test_faithful_begins_with_the_words_themselves_and_another_goes_on() -> None:
    frame = frame_of(Concept("red house", "phrase", 1, 0.5), (), ticked=True)
    written = (
        RankedPrompt("a red house, highly detailed, cinematic lighting", 1.0, 2),
        RankedPrompt("a house", 0.5, 0),
    )
    frame = type(frame)(frame.concept, "", 0, True, (*frame.prompts, *written))
    assert frame.prompt(0.0).prompt == "red house"
    assert frame.prompt(1.0).prompt == written[0].prompt
    turned = type(frame)(frame.concept, "", 0, True, frame.prompts, turn=3)
    assert turned.prompt(0.0) == frame.prompt(0.0)  # all were seen
    cells = cells_of((frame,), 0.0, {}, {}, frozenset({"a house"}), story=False, each=2)
    assert len(cells) == 2
