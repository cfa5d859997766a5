"""Texts of edits: what people and the grammar write, what is true, what a model learns."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from transformers import AutoModelForCausalLM

from inference.lab.finetune.edit_texts.edit_lines import (
    EDIT_LINES,
    edit_example,
    edit_question,
    is_complete,
    parse_answer,
)
from inference.lab.finetune.edit_texts.make import EditTextOptions, make_edit_texts
from inference.lab.finetune.edit_texts.storybook_triples import (
    is_true,
    scene_of,
    storybook_captions,
    storybook_triples,
)
from inference.lab.finetune.edit_texts.text_triple import (
    BadTriples,
    TextTriple,
    hand_written,
    read_triples,
)
from inference.lab.finetune.edit_texts.written_triples import written_triple
from inference.lab.finetune.run_edit_texts import EditTextTraining, TripleExamples, run_edit_texts
from inference.lab.finetune.word_filter import WordFilter
from inference.lab.storybook.edits import EDIT_KINDS, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.starter.captions import canonical

HOUSE = "a red house, in a meadow, at noon, clear sky, summer, seen close, flat illustration"
GREEN = HOUSE.replace("red", "green")


def test_people_wrote_enough_and_nothing_twice() -> None:
    found = hand_written()
    assert len(found) >= 100
    assert all(one.changes for one in found)
    assert len({one.caption for one in found}) == len({one.edit for one in found}) == len(found)
    words = WordFilter.read()
    assert not [one for one in found if words.finds(f"{one.caption} {one.edit} {one.output}")]


@pytest.mark.parametrize("kind", EDIT_KINDS)
def test_what_the_grammar_writes_is_true_and_what_another_edit_asks_is_not(kind: str) -> None:
    for seed in range(8):
        rng = np.random.default_rng(seed)
        edit = sample_edit(rng, kind)
        triple = TextTriple(
            canonical(edit.source), instruct(edit, rng).text, canonical(edit.target)
        )
        assert is_true(triple), triple
        assert scene_of(triple.output, 3) == edit.target.with_(seed=3) or "none" in (
            edit.target.second,
            edit.source.second,
        )
        other = "make it night" if edit.value != "night" else "let it snow"
        assert not is_true(replace(triple, edit=other)), triple


@pytest.mark.parametrize(
    ("edit", "output", "true"),
    [
        ("paint the house green", GREEN, True),
        ("paint the house blue", GREEN, False),
        ("paint the boat green", GREEN, False),  # no boat is there
        ("paint the house green", GREEN.replace("noon", "night"), False),  # more was changed
        ("paint the house green", HOUSE, False),
        ("paint the house green", "a photo of a lake", False),
    ],
)
def test_truth_needs_the_words_and_both_captions(edit: str, output: str, true: bool) -> None:
    assert is_true(TextTriple(HOUSE, edit, output)) is true


def test_only_captions_of_whole_scenes_can_be_drawn() -> None:
    assert scene_of("a red house, at noon", 0) is None
    assert scene_of("a wooden boat on a lake", 0) is None
    captions = storybook_captions(20, 1)
    assert len(set(captions)) == 20
    assert all(scene_of(text, 0) is not None for text in captions)
    assert not set(captions) & {one.caption for one in storybook_triples(50, 1)}


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (f" make it green\n%%\n{GREEN}\nEND", TextTriple(HOUSE, "make it green", GREEN)),
        (f"make it green\n%%\n{GREEN}", None),  # it does not end
        (f"make it green\n{GREEN}\nEND", None),
        (f"make it\n%%\ngreen\n%%\n{GREEN}\nEND", None),
        (f"make it\ngreen\n%%\n{GREEN}\nEND", None),
        (f"\n%%\n{GREEN}\nEND", None),
        (f"leave it\n%%\n{HOUSE.upper()}!\nEND", None),  # nothing changes
    ],
)
def test_answers_have_two_parts_and_change_something(answer: str, found: TextTriple | None) -> None:
    assert parse_answer(HOUSE, answer) == found
    assert is_complete(answer) is answer.endswith("\nEND")


def test_records_of_both_forms_are_read(tmp_path: Path) -> None:
    file = tmp_path / "texts.jsonl"
    rows = [
        {"input": "a  cat", "edit": "a dog", "output": "a dog"},
        {"caption": "a cat", "edit": "a dog", "output": "a dog", "url": "u"},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    assert read_triples(file) == [
        TextTriple("a cat", "a dog", "a dog"),
        TextTriple("a cat", "a dog", "a dog", "u"),
    ]
    for bad in ("", "[]\n", '{"caption": "a", "edit": "", "output": "b"}\n', "no json\n"):
        file.write_text(bad, "utf-8")
        with pytest.raises(BadTriples):
            read_triples(file)
    with pytest.raises(BadTriples, match="cannot be read"):
        read_triples(tmp_path / "absent.jsonl")


def test_examples_are_drawn_by_their_share() -> None:
    grammar, person = TextTriple("a", "b", "c"), TextTriple("d", "e", "f")
    rng = np.random.default_rng(0)
    both = TripleExamples([grammar], [person], 0.25)
    drawn = [both.draw(rng) == edit_example(person) for _ in range(400)]
    assert 0.19 < sum(drawn) / 400 < 0.31
    assert TripleExamples([grammar], [], 1.0).draw(rng) == edit_example(grammar)
    assert TripleExamples([], [person], 0.0).draw(rng) == edit_example(person)
    assert edit_example(grammar) == ("a\n##\n", "b\n%%\nc\nEND")


def test_a_model_learns_and_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from inference.lab.finetune.edit_texts import written_triples
    from tests.inference.language import talkers

    monkeypatch.setattr(written_triples, "TRIES", 1)

    triples = list(storybook_triples(40, 0))
    tokenizer = talkers.words([edit_example(one) for one in triples])
    model = talkers.gpt2(tokenizer, lines=False, width=32, context=128)
    model.save_pretrained(tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")
    training = EditTextTraining(
        tmp_path / "model", tmp_path, grammar=40, steps=12, batch_size=8, learning_rate=3e-3,
        measured=1,
    )  # fmt: skip
    first = run_edit_texts(training, minutes=0)
    assert (first["step"], first["done"], first["rates"]["storybook"]) == (1, False, None)
    values = run_edit_texts(training)
    assert (values["step"], values["done"], values["held_out"]) == (12, True, 15)
    assert values["held_out_loss"] < first["held_out_loss"]
    assert values["rates"]["storybook"]["n"] == values["rates"]["people"]["n"] == 1
    assert set(values["rates"]["storybook"]) == {"n", "parsed", "true"}
    folder = tmp_path / "models" / "edit-texts"
    assert AutoModelForCausalLM.from_pretrained(folder).config.edit_text_lines == EDIT_LINES


def test_the_grammar_writes_a_file(tmp_path: Path) -> None:
    options = EditTextOptions(None, None, 5, None, 0)
    report = make_edit_texts(options, tmp_path / "t.jsonl", lambda share: None)
    assert report == {"captions": 5, "triples": 5, "true": 5}
    assert read_triples(tmp_path / "t.jsonl") == list(storybook_triples(5, 0))


def test_a_taught_model_writes_its_answer_and_listed_words_are_refused() -> None:
    from tests.inference.language import talkers

    line = edit_example(TextTriple(HOUSE, "make it green", GREEN))
    tokenizer = talkers.words([line])
    talker = talkers.taught(
        talkers.gpt2(tokenizer, lines=False, width=32), tokenizer, [(line[0], " " + line[1])], 80
    )
    assert written_triple(talker, HOUSE, 0) == TextTriple(HOUSE, "make it green", GREEN)
    assert written_triple(talker, HOUSE, 0, WordFilter(["green"])) is None
    assert edit_question(f" {HOUSE}\n") == line[0]
