"""Examples before a question, and what a question says of words and kinds."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from editor.messages import verbatim
from editor.model.prompt_edit.prompt_edit import OP_KINDS, prompt_edit
from inference.language import chat
from inference.language.proposals import Context, Proposal, SuggestionFilter
from inference.language.shots import own_shots, shipped_shots, shots_for
from inference.language.suggest import _kinds_left, _wanted_first
from inference.request.jobs import PathStep

PHOTO = "a wooden boat on a calm lake"
PATH = (
    PathStep("", "a boat"),
    PathStep("add a lake", "a boat on a lake"),
    PathStep("make it night", "a boat at night", accepted=False),
    PathStep("make the lake calm", "a boat on a calm lake"),
    PathStep("warmer"),
    PathStep("make it wooden", ""),
    PathStep("a wooden one, please", PHOTO),
)


def test_three_examples_of_each_kind_come_with_the_program() -> None:
    shots = shipped_shots()
    assert Counter(shot.kind for shot in shots) == dict.fromkeys(OP_KINDS, 3)
    for shot in shots:
        assert prompt_edit(shot.caption, shot.target).kind == shot.kind
        given = Context(shot.caption, tuple(PathStep(text) for text in shot.done), shot.refused)
        answer = {"instruction": shot.instruction, "type": shot.kind, "new_prompt": shot.target}
        assert chat.read_suggestion(json.dumps(answer), given, subject=False) is not None, shot


def test_examples_of_each_kind_none_one_or_three() -> None:
    context = Context(PHOTO)
    assert shots_for(context, 0) == ()
    assert {shot.kind for shot in shots_for(context)} == set(OP_KINDS)
    assert len(shots_for(context)) == 4
    assert len(shots_for(context, 3)) == 12
    assert len(chat.suggest_messages(context, 0)) == 2
    assert len(chat.suggest_messages(context, 3)) == 2 + 24


def test_the_artists_own_edits_come_first_where_there_are_three() -> None:
    more = PathStep("add fog", f"{PHOTO}, fog")
    two = Context(PHOTO, PATH)
    assert [shot.instruction for shot in own_shots(two)] == ["add a lake", "make the lake calm"]
    assert len(shots_for(two)) == 4
    three = Context(f"{PHOTO}, fog", (*PATH, more))
    shots = shots_for(three, 3)
    assert [shot.instruction for shot in shots] == ["add a lake", "make the lake calm", "add fog"]
    assert [shot.kind for shot in shots] == ["insert", "insert", "insert"]
    assert shots[1].done == ("add a lake",)
    assert shots_for(three, 0) == ()


def test_the_question_names_words_and_kinds() -> None:
    context = Context(
        PHOTO,
        pinned=("boat",),
        forbidden=("snow", "night sky"),
        wanted=("insert", "insert", "swap"),
    )
    assert chat.suggest_messages(context)[-1]["content"] == (
        f"Caption: {PHOTO}\nWords that stay: boat\nWords that must not come: snow, night sky\n"
        "Types wanted: insert, swap"
    )


def proposal(text: str, target: str) -> Proposal:
    return Proposal(text, target, verbatim(""))


@pytest.mark.parametrize(
    ("target", "passes"),
    [
        ("a wooden boat on a stormy lake", True),
        ("a wooden ship on a calm lake", False),  # the boat goes
        (f"{PHOTO}, Snow", False),
        (f"{PHOTO} below a night sky", False),
        (f"{PHOTO} at night", True),  # only the two words together are forbidden
        ("a Wooden boat, on a calm lake, with a snowman", True),
    ],
)  # fmt: skip
def test_words_that_stay_and_words_that_must_not_come(target: str, passes: bool) -> None:
    context = Context(PHOTO, pinned=("Boat", "swan"), forbidden=("snow", "night sky", "lake"))
    assert SuggestionFilter(context).passes(proposal("do it", target)) == passes


def test_wanted_kinds_come_first() -> None:
    insert, replace = (
        proposal("add fog", f"{PHOTO}, fog"),
        proposal("x", "a stone boat on a calm lake"),
    )
    delete = proposal("y", "a boat on a calm lake")
    context = Context(PHOTO, wanted=("delete", "insert", "insert"))
    found = [replace, insert, delete]
    assert _wanted_first(found, context) == [insert, delete, replace]
    assert _kinds_left(found, context)  # a second insert is missing
    assert not _kinds_left(found, Context(PHOTO, wanted=("delete",)))
    assert _wanted_first(found, Context(PHOTO)) == found


ANSWER = json.dumps(
    {"instruction": "add morning mist", "type": "insert", "new_prompt": f"{PHOTO}, morning mist"}
)


@pytest.mark.parametrize(
    "answer",
    [
        ANSWER,
        f"Sure! Here is an edit:\n{ANSWER}",
        f"```json\n{ANSWER}\n```\nDo you like it?",
        f"{ANSWER}\n{{\"instruction\": 3}}",
        ANSWER.replace('"type": "insert", ', ""),
        ANSWER.replace(", \"new", ",\n \"new"),
    ],
)  # fmt: skip
def test_models_that_chatter_or_fence_are_read(answer: str) -> None:
    found = chat.read_suggestion(answer, Context(PHOTO), subject=False)
    assert found is not None
    assert (found.text, found.target_prompt) == ("add morning mist", f"{PHOTO}, morning mist")


def test_captions_after_an_edit_are_read_out_of_chatter() -> None:
    answer = 'Here you are:\n```json\n{"new_prompt": "a boat on a calm lake"}\n```'
    assert chat.read_after(answer, PHOTO) == "a boat on a calm lake"


def test_swaps_and_mixed_edits_are_read() -> None:
    for before, after, kind in (
        ("a dog beside a cat", "a cat beside a dog", "swap"),
        ("a dog beside a cat", "a small dog beside a bird", "mixed"),
    ):
        answer = {"instruction": "swap dog, cat and bird", "type": kind, "new_prompt": after}
        found = chat.read_suggestion(json.dumps(answer), Context(before), subject=True)
        assert found is not None
        assert prompt_edit(before, found.target_prompt).kind == kind
        answer["type"] = "insert"  # a wrong label is not believed
        assert chat.read_suggestion(json.dumps(answer), Context(before), subject=True) is None


@pytest.mark.parametrize(
    ("answer", "ended"),
    [
        ("", False),
        ("Sure!", False),
        ("Sure!\n\n", False),
        ('{"instruction": "a }"', False),
        ('{"instruction": "a }"}', True),
        ('Well\n{"a": {"b": 1}', False),
        ('Well\n{"a": {"b": 1}}', True),
        ("a\nb\nc\nd\n", True),
    ],
)
def test_when_an_answer_is_complete(answer: str, ended: bool) -> None:
    assert chat.answer_ends(answer) == ended
