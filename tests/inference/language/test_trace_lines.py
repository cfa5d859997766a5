"""Lines of models that were fine-tuned on traces, and suggestions of one that was."""

from __future__ import annotations

import itertools

import pytest
import torch

from inference.language.directions import directions
from inference.language.proposals import Context
from inference.language.suggest import suggest
from inference.language.trace_lines import (
    TRACE_LINES,
    after_line,
    fitting_next_line,
    next_line,
    speaks_trace_lines,
)
from inference.request.jobs import PathStep
from tests.inference.language import talkers

PHOTO = talkers.PHOTO
EDITS = tuple((text, target) for text, _, target in talkers.PHOTO_EDITS[:6])


def test_what_is_not_known_is_left_out() -> None:
    assert next_line("") == "Next:"
    assert next_line("a  lake", ["add a boat", "make it\nred"], ["snow"]) == (
        "Picture: a lake\nAsked: add a boat; make it red\nRefused: snow\nNext:"
    )
    assert next_line("", [str(i) for i in range(9)]) == "Asked: 3; 4; 5; 6; 7; 8\nNext:"
    assert after_line("a lake", "add a boat") == "Picture: a lake\nAsked: add a boat\nAfter:"


def test_a_long_path_is_cut_from_its_beginning() -> None:
    path = tuple(PathStep(text) for text in ("one", "two", "three"))
    context = Context("a lake", path, ("four",))
    lengths = {
        room: fitting_next_line(context, room, lambda text: len(text.split()))
        for room in range(3, 12)
    }
    assert lengths[11] == "Picture: a lake\nAsked: one; two; three\nRefused: four\nNext:"
    assert lengths[9] == "Picture: a lake\nAsked: two; three\nRefused: four\nNext:"
    assert lengths[6] == "Picture: a lake\nRefused: four\nNext:"
    assert lengths[4] == "Picture: a lake\nNext:"
    assert lengths[3] is None


@pytest.fixture(scope="module")
def tuned() -> talkers.Talker:
    """A small GPT-2 that learnt six edits of one picture in these lines."""
    lines = [(next_line(PHOTO), f" {text}") for text, _ in EDITS]
    lines += [(after_line(PHOTO, text), f" {target}") for text, target in EDITS]
    words = talkers.words(lines)
    model = talkers.gpt2(words, lines=False)
    model.config.suggest_lines = TRACE_LINES
    torch.manual_seed(0)
    return talkers.taught(model, words, lines, 120)


def test_a_tuned_model_is_asked_in_its_lines(tuned: talkers.Talker) -> None:
    assert speaks_trace_lines(tuned.model.config)
    made = suggest(tuned, Context(PHOTO), 3, 1, lambda: None)
    learnt = dict(EDITS)
    own = [s for s in made.suggestions if s.text.lower() in learnt]
    assert len(own) == 3
    for one in own:
        assert one.instruction.target_prompt == learnt[one.text.lower()]
    texts = [one.text for one in made.suggestions]
    assert all(a != b for a, b in itertools.combinations(texts, 2))


def test_words_that_stay_hold_for_it_too(tuned: talkers.Talker) -> None:
    context = Context(PHOTO, pinned=("calm",), forbidden=("mist", "gull"))
    for seed in range(2):
        for one in suggest(tuned, context, 3, seed, lambda: None).suggestions:
            after = one.instruction.target_prompt
            assert "calm" in after
            assert "mist" not in after
            assert "gull" not in after


def test_a_tuned_model_reads_instructions_too(tuned: talkers.Talker) -> None:
    found = directions(tuned, PHOTO, "add morning mist", lambda: None)
    assert found[0].target_prompt == f"{PHOTO}, morning mist"
