from __future__ import annotations

import pytest

from app.session.story_frame import MOST_FRAMES, cells_of, frame_of, frames_of
from app.session.story_look import StoryLook
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
    cells = cells_of(frames, 0.5, {}, {}, {}, story=True, each=4, look=StoryLook())
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
    failed = {"a house": "why"}
    cells = cells_of((frame,), 0.0, {}, {}, failed, story=False, each=3, look=StoryLook("pencil"))
    assert {cell.prompt.prompt: cell.failed for cell in cells} == {
        one.prompt: failed.get(one.prompt, "") for one in frame.prompts
    }  # prompts of a word differ in their look


def test_frames_of_a_story_have_one_look() -> None:
    frames = frames_of(STORY)
    shared = StoryLook("watercolour", "orange cat")
    cells = cells_of(frames, 0.0, {}, {}, {}, story=True, each=4, look=shared)
    assert all(cell.prompt.prompt.endswith(", watercolour") for cell in cells)
    assert all("orange cat" in cell.prompt.prompt for cell in cells)


@pytest.mark.parametrize(
    ("prompt", "shared", "dressed"),
    [
        ("a boat", StoryLook(), "a boat"),
        ("a boat, at dusk", StoryLook("pixel art"), "a boat, at dusk, pixel art"),
        ("a boat, Watercolour, at dusk", StoryLook("pixel art"), "a boat, at dusk, pixel art"),
        ("a boat, as an oil painting", StoryLook("pixel art"), "a boat, pixel art"),
        ("A watercolour of a boat", StoryLook("pixel art"), "A watercolour of a boat, pixel art"),
        (
            "a boat, a pencil on a table",
            StoryLook("pixel art"),
            "a boat, a pencil on a table, pixel art",
        ),
        ("watercolour", StoryLook("pixel art"), "watercolour, pixel art"),
        ("a boat, on it, a cat", StoryLook("pixel art"), "a boat, on it, a cat, pixel art"),
        ("A cat, a tree", StoryLook("", "orange cat"), "An orange cat, a tree"),
        ("near an owl.", StoryLook("", "grey owl"), "near a grey owl."),
        ("The cat flew home.", StoryLook("", "orange cat"), "The orange cat flew home."),
        ("An orange cat, a tree", StoryLook("", "orange cat"), "An orange cat, a tree"),
        ("A grey cat and the cat", StoryLook("", "orange cat"), "A grey cat and the orange cat"),
        ("It flew away.", StoryLook("", "orange cat"), "It flew away, orange cat"),
        ("boats", StoryLook("", "boats"), "boats"),
    ],
)
def test_what_all_pictures_have_in_common(prompt: str, shared: StoryLook, dressed: str) -> None:
    assert shared.of(prompt) == dressed
