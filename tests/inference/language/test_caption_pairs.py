"""Captions before and after from any language model: questions, reading of answers, asking."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inference.language import chat
from inference.language.caption_pairs import (
    CaptionPairs,
    PairQuestion,
    _examples,
    _is_complete,
    _messages,
    caption_pairs,
    pool,
    read_json,
    read_scaffold,
    scaffold,
)
from tests.inference.language import talkers

DATA = Path(__file__).resolve().parents[2] / "data"
CAPTION, WORDS = "a wooden boat on a calm lake", "turn the boat into a swan"
ONE, TWO, FOUR = PairQuestion(1, shots=0), PairQuestion(2, shots=0), PairQuestion(4, shots=0)
FREE = PairQuestion(2, locked=False, shots=0)
B2, A1, A2 = "a boat in still water", "a swan on a calm lake", "a swan in still water"
WHOLE = f"Caption 2: {B2}\n\nAfter transformation\n\nCaption 1: {A1}\nCaption 2: {A2}\n"


def pairs(*both: tuple[str, str]) -> CaptionPairs:
    before, after = zip(*both, strict=True)
    return CaptionPairs(before, after)


BOTH = pairs((CAPTION, A1), (B2, A2))


@pytest.mark.parametrize(
    ("how", "answer", "expected"),
    [
        (ONE, f" {A1}\n", pairs((CAPTION, A1))),
        (ONE, f" {A1}", pairs((CAPTION, A1))),
        (ONE, f" {A1}\n\n\nInstruct: Transformation “let it rain”", pairs((CAPTION, A1))),
        (ONE, "", None),
        (ONE, f" {CAPTION}\n", None),
        (ONE, f" {' '.join(['swan'] * 61)}\n", None),
        (TWO, WHOLE, BOTH),
        (TWO, WHOLE.replace("\n", "\r\n"), BOTH),
        (TWO, WHOLE.replace("Caption", "caption"), BOTH),
        (TWO, WHOLE.replace("After transformation", "AFTER:"), BOTH),
        (TWO, WHOLE.replace("Caption 2: a swan in still water\n", ""), pairs((CAPTION, A1))),
        (TWO, WHOLE.replace(f"Caption 2: {B2}\n", ""), pairs((CAPTION, A1))),
        (TWO, WHOLE + f"Caption 3: {A1}\n", BOTH),
        (TWO, WHOLE + "\nAfter transformation\n\nCaption 1: no\n", BOTH),
        (TWO, WHOLE + "Instruct: Caption 1: no\n", BOTH),
        (TWO, WHOLE.replace("After transformation", ""), None),
        (TWO, "Sure! Here are the captions you asked for.", None),
        (TWO, f"  Caption  2 :  {B2}\nAfter\nCaption 1:{A1}\nCaption 2 : {A2}", BOTH),
        (FOUR, WHOLE, BOTH),
        (FREE, f" {CAPTION}\n{WHOLE}", BOTH),
    ],
)
def test_twenty_answers(how: PairQuestion, answer: str, expected: CaptionPairs | None) -> None:
    assert read_scaffold(answer, CAPTION, how) == expected


@pytest.mark.parametrize(
    "values",
    [
        {"before": [CAPTION, B2], "after": [A1, A2]},
        {"before": ["A wooden boat on a calm lake.", B2], "after": [A1, A2]},
    ],
)
def test_json_is_read_where_it_is_what_was_asked_for(values: dict[str, list[str]]) -> None:
    found = read_json(json.dumps(values), CAPTION, TWO)
    assert found is not None
    assert found.after == (A1, A2)


@pytest.mark.parametrize(
    "answer",
    [
        "", "[]", "{}", "null", "[" * 100_000,
        json.dumps({"before": [CAPTION], "after": [A1]}),
        json.dumps({"before": [CAPTION, 7], "after": [A1, A2]}),
        json.dumps({"before": "two", "after": [A1, A2]}),
        json.dumps({"before": [B2, CAPTION], "after": [A1, A2]}),
        json.dumps({"before": [CAPTION, B2], "after": [CAPTION, B2]}),
    ],
)  # fmt: skip
def test_other_json_is_dropped(answer: str) -> None:
    assert read_json(answer, CAPTION, TWO) is None


def test_an_answer_is_complete_once_all_is_there() -> None:
    assert not _is_complete(WHOLE.rstrip(), CAPTION, TWO)
    assert _is_complete(WHOLE, CAPTION, TWO)
    assert not _is_complete(WHOLE, CAPTION, FOUR)
    assert _is_complete(f" {A1}\n", CAPTION, ONE)
    assert _is_complete("nonsense\n\n\n", CAPTION, FOUR)


def test_the_question_ends_where_the_model_goes_on() -> None:
    locked = scaffold(CAPTION, WORDS, (), TWO)
    assert locked.endswith(f"Output: Before transformation\n\nCaption 1: {CAPTION}\n")
    alone = scaffold(CAPTION, WORDS, (), ONE)
    assert alone.endswith("After transformation\n\nCaption 1:")
    free = scaffold(CAPTION, WORDS, (), FREE)
    assert free.endswith("Caption 1:")
    assert CAPTION not in free
    assert all(WORDS in text for text in (locked, alone, free))
    detailed = scaffold(CAPTION, WORDS, (), PairQuestion(2, shots=0, detailed=True))
    assert detailed != locked
    assert "2 pairs" in detailed


@pytest.mark.parametrize("shots", [0, 1, 3])
def test_examples_are_written_as_answers_are_read(shots: int) -> None:
    how = PairQuestion(2, shots=shots, seed=5)
    examples = _examples(how)
    text = scaffold(CAPTION, WORDS, examples, how)
    assert text.count("Instruct:") == shots + 1
    for block, (words, expected) in zip(text.split("\n\n\n"), examples, strict=False):
        assert words in block
        answer = block.split("Caption 1:", 1)[1]
        assert read_scaffold(answer, "", PairQuestion(2, locked=False)) == expected
    assert _examples(PairQuestion(2, shots=shots, seed=5)) == examples
    messages = _messages(CAPTION, WORDS, examples, how)
    assert len(messages) == 2 * shots + 2
    for message, (_, expected) in zip(messages[2::2], examples, strict=False):
        assert read_json(message["content"], expected.before[0], how) == expected


def test_the_pool_is_large_enough_and_every_pair_differs() -> None:
    assert len(pool()) >= 26
    assert len({words for words, _ in pool()}) == len(pool())
    for _, one in pool():
        assert len(one.before) == len(one.after) == 4
        assert all(old != new for old, new in zip(one.before, one.after, strict=True))


def test_no_example_is_one_that_is_measured() -> None:
    """A model that was shown the answer would look better than it is."""
    measured = {
        " ".join(str(value).lower().split())
        for file in DATA.glob("*.jsonl")
        for line in file.read_text("utf-8").splitlines()
        for value in json.loads(line).values()
    }
    assert "make it night" in measured
    assert not {words for words, _ in pool()} & measured


def test_a_plain_model_continues_and_a_chat_model_answers_in_json() -> None:
    asked = scaffold(CAPTION, WORDS, (), TWO)
    plain_words = talkers.words([(asked, WHOLE)])
    plain = talkers.taught(
        talkers.gpt2(plain_words, lines=False, context=512), plain_words, [(asked, WHOLE)], 150
    )
    assert caption_pairs(plain, CAPTION, WORDS, TWO, lambda: None) == BOTH
    answer = json.dumps({"before": BOTH.before, "after": BOTH.after})
    question = chat.as_text(_messages(CAPTION, WORDS, (), TWO), None, template=False)
    tokenizer = talkers.words([(question, answer)])
    talker = talkers.taught(
        talkers.gpt2(tokenizer, lines=False, context=512), tokenizer, [(question, answer)], 150
    )
    talker.has_template = True
    original = chat.as_text
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chat, "as_text", lambda m, t, *, template: original(m, t, template=False))
        assert caption_pairs(talker, CAPTION, WORDS, TWO, lambda: None) == BOTH


def test_what_cannot_be_read_gives_nothing_and_a_cancel_passes() -> None:
    asked = scaffold(CAPTION, WORDS, (), TWO)
    tokenizer = talkers.words([(asked, "no\n\n\n")])
    talker = talkers.taught(
        talkers.gpt2(tokenizer, lines=False, context=512), tokenizer, [(asked, "no\n\n\n")], 60
    )
    assert caption_pairs(talker, CAPTION, WORDS, TWO, lambda: None) is None
    short = talkers.gpt2(tokenizer, lines=False, context=64)
    assert caption_pairs(
        talkers.Talker(short.eval(), tokenizer), CAPTION, WORDS, TWO, lambda: None
    ) is None  # fmt: skip

    def cancel() -> None:
        raise RuntimeError("cancelled")

    with pytest.raises(RuntimeError, match="cancelled"):
        caption_pairs(talker, CAPTION, WORDS, TWO, cancel)
