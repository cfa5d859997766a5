"""Captions read where they stand, reworded by edits; proposals of the program's own lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.messages import verbatim
from editor.tone import read
from inference.lab.storybook.edits import EDIT_KINDS, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.language.proposals import (
    Context,
    Proposal,
    SuggestionFilter,
    replaces_subject,
    subject_edits_last,
)
from inference.language.reasons import of_prompts
from inference.language.tones import TONES, from_tones
from inference.request.jobs import PathStep
from inference.starter.captions import canonical, parse_caption, random_caption
from inference.starter.grammar import from_world, world_edits
from inference.starter.language import knows, pairs_of, proposal, says
from inference.starter.lines import ParsedEdit, edit_line, parse_edit, parse_next
from inference.starter.reasons import of_world
from inference.starter.scene import Scene
from inference.starter.world_captions import read_caption, reword

HOUSE = "a red house with a green cat and a fence, in a meadow, at noon, clear sky, summer"


def changes(edit: Any) -> ParsedEdit:
    values = {edit.attribute: edit.value}
    if edit.attribute == "second" and edit.value != "none":
        values["second_colour"] = edit.target.second_colour
    return ParsedEdit(edit.kind, values)


@pytest.mark.parametrize("kind", EDIT_KINDS)
def test_any_caption_takes_any_edit(kind: str) -> None:
    rng = np.random.default_rng(1)
    for i in range(120):
        edit = sample_edit(rng, kind)
        text = random_caption(edit.source, rng, complete=i % 2 == 0)
        reading = read_caption(text)
        assert reading.values == parse_caption(text)
        assert reading.inside
        after = reword(reading, changes(edit))
        assert after is not None, text
        wanted = reading.values | changes(edit).changes
        if wanted["second"] == "none":
            wanted.pop("second_colour", None)
        assert parse_caption(after) == wanted


def test_a_canonical_caption_stays_canonical() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        edit = sample_edit(rng)
        assert reword(read_caption(canonical(edit.source)), changes(edit)) == canonical(edit.target)


def test_only_the_words_of_the_edit_change() -> None:
    text = "An aquarelle of a little azure cottage near a kitten by the sea, at dusk"
    reading = read_caption(text)
    assert reword(reading, ParsedEdit("light", {"light": "night"})) == text.replace(
        "at dusk", "at night"
    )
    assert reword(reading, ParsedEdit("style", {"style": "pixel art"})) == text.replace(
        "An aquarelle", "pixel art"
    )
    assert reword(reading, ParsedEdit("light", {"light": "sunset"})) is None


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    reading = read_caption(text)
    for phrase in reading.phrases.values():
        assert 0 <= phrase.start < phrase.end <= len(text)
    assert 0.0 <= reading.share <= 1.0


@pytest.mark.parametrize(
    ("text", "inside"),
    [(HOUSE, True), ("a red house", True), ("a photograph of two people at a wedding", False),
     ("a small brown dog sleeping on an old leather sofa by a car", False), ("", False)],
)  # fmt: skip
def test_what_the_world_is(text: str, inside: bool) -> None:
    assert read_caption(text).inside == inside


@pytest.mark.parametrize(
    "line",
    ["light season = winter", "add ground = bare", "remove second = cat", "recolour light = noon",
     "replace ground = path", "add second = none", "add second = cat", "light light = noon | x"],
)  # fmt: skip
def test_edits_that_cannot_be(line: str) -> None:
    assert parse_edit(line) is None


@pytest.mark.parametrize(
    "answer", ["make it night", "make it night | light", " | light light = noon", ""]
)
def test_answers_that_are_none(answer: str) -> None:
    assert parse_next(answer) is None


def test_every_edit_of_the_list_is_real() -> None:
    reading = read_caption(HOUSE)
    for edit in world_edits(reading, subject=True):
        assert parse_edit(edit_line(edit.kind, edit.changes)) == edit
        assert reword(reading, edit) is not None
    made = list(from_world(reading, (), 0, subject=False))
    assert len({p.target_prompt for p in made}) == len(made) >= 25
    assert all(p.reason.code == "suggest.from_list" for p in made)
    assert not any(p.about and p.about[0] == "subject" for p in made)
    first = [p.about[0] for p in made[:6] if p.about]
    assert len(set(first)) == 6
    assert "stained glass" not in " ".join(p.target_prompt for p in made)
    assert [p.text for p in made] != [p.text for p in from_world(reading, (), 1, subject=False)]
    for p in made:
        edit = next(
            e for e in world_edits(reading, subject=False) if reword(reading, e) == p.target_prompt
        )
        assert says(p.text, edit, reading), p.text


@pytest.mark.parametrize("tone", TONES, ids=lambda t: t.text)
def test_every_tone_is_understood(tone: Any) -> None:
    assert read(tone.text, has_selection=False)


def test_tones_are_not_offered_twice() -> None:
    texts = [p.text for p in from_tones("a portrait, warm light")]
    assert "more contrast" in texts
    assert "warmer" not in texts


def test_instructions_must_name_what_they_do() -> None:
    rng = np.random.default_rng(3)
    for kind in EDIT_KINDS:
        for _ in range(40):
            edit = sample_edit(rng, kind)
            reading = read_caption(canonical(edit.source))
            text = instruct(edit, rng).text
            assert says(text, changes(edit), reading), (text, edit)
            assert knows(text, changes(edit), reading), (text, edit)
    night = ParsedEdit("light", {"light": "night"})
    assert not says("make it sunset", night, read_caption(HOUSE))
    assert not says("surprise me", night, read_caption(HOUSE))
    ball = ParsedEdit("add", {"second": "ball", "second_colour": "blue"})
    assert not says("add a red ball", ball, read_caption("a house"))


def test_instructions_must_not_name_what_is_not_there() -> None:
    reading = read_caption(HOUSE)
    gone = ParsedEdit("remove", {"second": "none"})
    assert knows("remove the little green cat", gone, reading)
    assert not knows("remove the purple cat", gone, reading)
    assert not knows("remove the flag", gone, reading)
    white = ParsedEdit("recolour", {"colour": "white"})
    assert knows("turn the red house into a white cottage", white, reading)
    assert not knows("paint the blue house white", white, reading)
    answer = "take the purple cat out of the picture | remove second = none"
    context = Context(HOUSE)
    assert proposal(answer, reading, context, subject=True) is None
    assert proposal(answer.replace("purple", "green"), reading, context, subject=True) is not None


@pytest.mark.parametrize(
    ("text", "pairs"),
    [("could you make it nighttime", {("light", "night")}),
     ("remove the picket fence", {("ground", "bare")}),
     ("get rid of the kitten", {("second", "none")}),
     ("paint the house blue", {("colour", "blue")}),
     ("make the cat pink", {("second_colour", "pink")}), ("add a blue ball", {("second", "ball")}),
     ("warmer", set())],
)  # fmt: skip
def test_what_a_refusal_means(text: str, pairs: set[tuple[str, str]]) -> None:
    assert pairs_of(text, read_caption(HOUSE)) == pairs


def test_an_answer_is_believed_only_whole() -> None:
    reading, context = read_caption(HOUSE), Context(HOUSE)
    good = proposal("make it night | light light = night", reading, context, subject=False)
    assert good is not None
    assert good.target_prompt == HOUSE.replace("at noon", "at night")
    assert str(good.reason) == "The caption says “at noon”. This is another time of day."
    for answer in ("make it noon | light light = noon", "make it dusk | light light = night",
                   "add a ball | add second = red ball", "make it night",
                   "turn it into a swan | replace subject = swan"):  # fmt: skip
        assert proposal(answer, reading, context, subject=False) is None, answer
    swan = "turn the house into a swan | replace subject = swan"
    assert proposal(swan, reading, context, subject=True) is not None


def test_the_sieve() -> None:
    path = (PathStep("", "a house"), PathStep("make it red", "a red house"),
            PathStep("add mist", "a red house, mist", accepted=False))  # fmt: skip
    sieve = SuggestionFilter(
        Context("a red house", path, ("Make it night!",)), frozenset({("colour", "blue")})
    )

    def passes(text: str, prompt: str, about: tuple[str, str] | None = None) -> bool:
        return sieve.passes(Proposal(text, prompt, verbatim(""), about))

    assert not passes("add some mist", "a red house, mist")
    assert not passes("Add MIST.", "a red house in mist")
    assert not passes("make it night", "a red house at night")
    assert not passes("no change", "A red house.")
    assert not passes("back", "a house")
    assert not passes("paint it", "a blue house", ("colour", "blue"))
    assert not passes("long", "word " * 80)
    assert not passes("", "a red house, sun")
    assert not passes("a\nb", "a red house, sun")
    assert passes("add sun", "a red house, sun")
    assert not passes("add sun", "a red house, big sun")
    assert not passes("let the sun in", "A red house sun")


def test_subjects() -> None:
    from editor.model.prompt_edit.prompt_edit import prompt_edit

    assert replaces_subject(prompt_edit("a wooden boat on a lake", "a wooden swan on a lake"))
    assert not replaces_subject(prompt_edit("a wooden boat on a lake", "a red boat on a lake"))
    assert not replaces_subject(prompt_edit("a boat on a lake", "a boat on a river"))
    steps = [PathStep("", "a house"), PathStep("x", "a red house"), PathStep("y", "a red castle")]
    assert subject_edits_last(steps)
    assert not subject_edits_last([*steps, PathStep("z", "a red castle, night")])
    assert not subject_edits_last(steps[1:])


def test_reasons_are_facts() -> None:
    scene = Scene(second="none", ground="bare")
    text = canonical(scene)
    snow = ParsedEdit("weather", {"weather": "snow"})
    path = (PathStep("", text.replace("summer", "winter")), PathStep("make it summer", text))
    reason = of_world(read_caption(text), snow, path)
    assert str(reason) == (
        "The caption says “clear sky”. This is another weather, and "
        "the weather was never changed on the way here."
    )
    unknown = of_world(read_caption(text), snow, path[1:])
    assert str(unknown) == "The caption says “clear sky”. This is another weather."
    summer = of_world(read_caption(text), ParsedEdit("season", {"season": "spring"}), path)
    assert str(summer).endswith("the season changed in the last step.")
    add = of_world(read_caption(text), ParsedEdit("add", {"ground": "path"}), ())
    assert str(add) == "The caption names no path, flowers or fence in front of the house."
    assert (
        str(of_prompts("a boat", "a boat in fog", ())) == "The caption does not mention “in fog”."
    )
    after_red = of_prompts("a boat", "a boat in fog", (PathStep("make it red", "a boat"),))
    assert str(after_red).endswith("no step so far was about it.")
    after_fog = of_prompts("a boat", "a boat in fog", (PathStep("fog", "a boat"),))
    assert not str(after_fog).endswith("it.")
