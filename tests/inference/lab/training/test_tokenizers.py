"""Tokenizers, phrasing and the language model's lines."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from inference.lab.storybook.edits import EDIT_KINDS, sample_edit
from inference.lab.storybook.instructions import instruct
from inference.lab.training.language import (
    TASKS,
    LanguageSize,
    ParsedEdit,
    apply,
    edit_line,
    example,
    language_corpus,
    parse_edit,
    question_line,
    sample_path,
)
from inference.lab.training.phrasing import FILLERS, as_typed, ask, renamed, slip, veiled
from inference.lab.training.tokenizers import language_tokenizer
from inference.starter.captions import canonical, parse_caption
from inference.starter.effect_phrases import EFFECTS
from inference.starter.lines import parse_next
from inference.starter.loose_phrases import LOOSE, OTHER_NAMES
from inference.starter.scene import ATTRIBUTES

ODD = ("a Red house, in the mountains", "größer · 木 ✿", "{light} = 'night'", "x" * 20)


def test_end_of_text_has_the_highest_id_and_pads(words: Any) -> None:
    vocabulary = words.get_vocab()
    assert words.eos_token_id == max(vocabulary.values()) == len(vocabulary) - 1
    assert words.pad_token_id == words.eos_token_id
    ids = words("a red house", padding="max_length", max_length=12).input_ids
    assert ids[0] == words.bos_token_id == words.eos_token_id - 1
    assert ids.index(words.eos_token_id) == 4
    assert set(ids[4:]) == {words.eos_token_id}


def test_picture_words_survive_but_for_case_and_spaces(words: Any, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    words.save_pretrained(tmp_path)
    back = AutoTokenizer.from_pretrained(tmp_path)
    for text in ODD:
        ids = words(text).input_ids
        assert back(text).input_ids == ids
        plain = words.decode(ids, skip_special_tokens=True)
        assert plain.replace(" ", "") == text.lower().replace(" ", "")


def test_language_words_survive_whole(language_words: Any, tmp_path: Path) -> None:
    from transformers import AutoTokenizer

    assert language_words.eos_token_id == len(language_words) - 1
    language_words.save_pretrained(tmp_path)
    back = AutoTokenizer.from_pretrained(tmp_path)
    for text in (*ODD, "caption: a\nask: b\nafter: c"):
        ids = language_words(text).input_ids
        assert back(text).input_ids == ids
        assert language_words.decode(ids) == text


def test_the_shipped_vocabularies_have_their_size() -> None:
    from inference.lab.training.tokenizers import VOCABULARY, corpus, picture_tokenizer

    assert len(picture_tokenizer(corpus())) == VOCABULARY == 2048


@pytest.mark.parametrize("kind", EDIT_KINDS)
def test_parsed_edits_say_what_the_edit_does(kind: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(40):
        edit = sample_edit(rng, kind)
        parsed = parse_edit(edit_line(edit))
        assert parsed is not None
        assert parsed.kind == kind
        after = apply(edit.source, parsed)
        assert parse_caption(canonical(after)) == parse_caption(canonical(edit.target))


@pytest.mark.parametrize(
    "line", ["", "paint the moon", "light light = noon at night", "burn subject = house", "light"]
)
def test_nonsense_is_no_edit(line: str) -> None:
    assert parse_edit(line) is None


def test_parse_reads_a_second_object_with_its_colour() -> None:
    assert parse_edit(" add second = red apple tree") == ParsedEdit(
        "add", {"second": "apple tree", "second_colour": "red"}
    )


def test_examples_answer_their_question() -> None:
    rng = np.random.default_rng(1)
    edit = sample_edit(rng, "light")
    for task in TASKS:
        asked, answer = example(edit, task, rng)
        assert asked.endswith(f"{task}:")
        assert asked.startswith("caption: ")
        assert answer
    assert (
        question_line("next", "c", done=("a", "b"), refused=("d",))
        == "caption: c\ndone: a; b\nno: d\nnext:"
    )
    many = question_line("next", "c", done=tuple("abcdef"), refused=tuple("uvwxyz"))
    assert many == "caption: c\ndone: c; d; e; f\nno: x; y; z\nnext:"
    assert question_line("edit", "a\nask: x", "b\n\nc") == "caption: a ask: x\nask: b c\nedit:"


def test_answers_lead_on_from_the_path() -> None:
    rng = np.random.default_rng(4)
    for _ in range(60):
        path = sample_path(rng)
        for earlier, later in itertools.pairwise((*path.done, path.next)):
            assert earlier.target == later.source
        assert all(edit.source == path.next.source for edit in path.refused)
        told = {(e.attribute, e.value) for e in path.refused}
        assert (path.next.attribute, path.next.value) not in told
        _, answer = example(path.next, "next", rng)
        assert parse_next(answer) is not None


@pytest.mark.parametrize("kind", EDIT_KINDS)
def test_nobody_is_asked_in_words_kept_for_the_test(kind: str) -> None:
    rng = np.random.default_rng(5)
    kept = {instruct(sample_edit(rng, kind), rng, held_out=True).template for _ in range(40)}
    assert len(kept) == 2
    assert not kept & set(LOOSE[kind])
    patterns = [re.sub(r"\\{\w+\\}", ".+", re.escape(template)) for template in kept]
    for _ in range(400):
        text = ask(sample_edit(rng, kind), rng)
        assert "{" not in text
        assert not any(re.fullmatch(pattern, text) for pattern in patterns), text


def test_every_value_of_the_whole_picture_is_asked_for_by_its_effect() -> None:
    wanted = {(n, v) for n in ("light", "weather", "season") for v in ATTRIBUTES[n]}
    assert wanted <= set(EFFECTS)
    told = [phrase for phrases in EFFECTS.values() for phrase in phrases]
    assert len(told) == len(set(told))  # a phrase means one value


def test_veiled_patterns_keep_what_is_named() -> None:
    rng = np.random.default_rng(7)
    for kind, templates in LOOSE.items():
        for template in templates:
            hidden = veiled(template, rng, share=1.0)
            slots = re.compile(r"\{\w+\}")
            assert slots.findall(hidden) == slots.findall(template), kind
    assert veiled("no {bare}", rng, share=1.0) == "no {bare}"
    assert veiled("paint {old} {colour}", rng, share=0.0) == "paint {old} {colour}"
    named = {word for table in OTHER_NAMES.values() for name in table for word in name.split()}
    assert not named & set(FILLERS)


def test_everyday_names_bring_their_article() -> None:
    rng = np.random.default_rng(8)
    seen = {
        renamed(text, rng, share=1.0) for text in ("a car", "an orange tree") for _ in range(99)
    }
    assert {"an automobile", "an auto", "an old car"} <= seen
    assert all(not re.match(r"a [aeiou]|an [^aeiou]", text) for text in seen), seen
    weather = {renamed("a cloudy sky", rng, share=1.0) for _ in range(99)}
    assert "cloudy skies" in weather
    assert not any(text.startswith("a cloudy skies") for text in weather)
    assert renamed("the apple tree", rng, share=1.0).endswith(("tree", "tree with apples"))
    assert renamed("the house", rng, share=0.0) == "the house"


def test_lines_fit_the_context() -> None:
    tokenizer = language_tokenizer(language_corpus())
    rng = np.random.default_rng(6)
    longest = 0
    for i in range(300):
        asked, answer = example(sample_edit(rng), TASKS[i % 3], rng)
        longest = max(longest, len(tokenizer(f"{asked} {answer}").input_ids) + 1)
    assert longest <= LanguageSize().context


def test_slips_stay_one_stroke_away() -> None:
    rng = np.random.default_rng(2)
    for _ in range(200):
        assert abs(len(slip("make it night", rng)) - 13) <= 1
    assert slip("a b", rng) == "a b"


def test_many_instructions_stay_clean_and_some_do_not() -> None:
    rng = np.random.default_rng(3)
    made = [as_typed("make it night", rng) for _ in range(400)]
    assert 0.35 < sum(m == "make it night" for m in made) / 400 < 0.7
    assert sum("night" in m.lower() for m in made) > 300
