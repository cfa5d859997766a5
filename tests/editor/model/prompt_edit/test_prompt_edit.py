"""The typed difference of two prompts: labelled pairs and what holds for any two."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from editor.model.prompt_edit.align import gaps
from editor.model.prompt_edit.prompt_edit import OP_KINDS, Change, PromptEdit, prompt_edit
from editor.model.prompt_edit.prompt_tokens import chunks, head_end, prompt_tokens, words

PAIRS = [
    json.loads(line)
    for line in (Path(__file__).parents[3] / "data" / "prompt_edits.jsonl")
    .read_text("utf-8")
    .splitlines()
]
ALPHABET = st.sampled_from(["a", "red", "Red", "house", "at", "noon", "with", "by", "木", "é", "'"])
PROMPTS = st.one_of(
    st.text(max_size=40),
    st.lists(st.tuples(ALPHABET, st.sampled_from([" ", ", ", ",", "  ", ". "])), max_size=12).map(
        lambda parts: "".join(word + gap for word, gap in parts)
    ),
)


def test_there_are_enough_pairs_of_every_kind() -> None:
    assert len(PAIRS) >= 60
    kinds = Counter(pair["kind"] for pair in PAIRS)
    assert min(kinds[kind] for kind in (*OP_KINDS, "none", "mixed")) >= 8


@pytest.mark.parametrize("pair", PAIRS, ids=lambda p: f"{p['source']}|{p['target']}")
def test_labelled_pairs(pair: dict[str, Any]) -> None:
    source, target = pair["source"], pair["target"]
    edit = prompt_edit(source, target)
    assert edit.kind == pair["kind"]
    if "ops" in pair:
        found_ops = [
            [op.op, source[slice(*op.source)], target[slice(*op.target)], op.subject]
            for op in edit.ops
        ]
        assert found_ops == pair["ops"]
        assert edit.subject == any(op[3] for op in pair["ops"])


def keys(edit: PromptEdit, text: str) -> list[str]:
    old, _, chunked = prompt_tokens(edit.source, edit.target)
    return [t.key for t in (chunks if chunked else words)(text)] if old or text else []


@given(PROMPTS, PROMPTS)
@example("red house, blue boat", "blue house, red boat")
@example("a, b, c, d", "d, a, x, c")
@example("a cat in the hat", "the hat in a cat")
def test_both_prompts_are_rebuilt(source: str, target: str) -> None:
    edit = prompt_edit(source, target)
    assert "".join(piece.source for piece in edit.pieces) == source
    assert "".join(piece.target for piece in edit.pieces) == target
    kept = [piece for piece in edit.pieces if piece.op == "keep"]
    changed = [piece for piece in edit.pieces if piece.op != "keep"]
    _, _, chunked = prompt_tokens(source, target)
    if not chunked:
        assert keys(edit, " ".join(p.source for p in kept)) == keys(
            edit, " ".join(p.target for p in kept)
        )
    spans = [source[slice(*op.source)] for op in edit.ops]
    spans += [target[slice(*op.target)] for op in edit.ops]
    assert Counter(s for s in spans if s) == Counter(
        text for p in changed for text in (p.source, p.target) if text
    )


@given(PROMPTS, PROMPTS)
def test_the_kind_follows_from_the_tokens(source: str, target: str) -> None:
    edit = prompt_edit(source, target)
    old, new, _ = prompt_tokens(source, target)
    before, after = [t.key for t in old], [t.key for t in new]
    kinds = {op.op for op in edit.ops}
    assert edit.kind == ("none" if not kinds else kinds.pop() if len(kinds) == 1 else "mixed")
    assert (edit.kind == "none") == (before == after)
    assert (edit.kind == "swap") >= (Counter(before) == Counter(after) and before != after)
    assert (edit.kind == "insert") == (len(before) < len(after) and contains(after, before))
    assert (edit.kind == "delete") == (len(before) > len(after) and contains(before, after))
    for op in edit.ops:
        assert (op.source[0] == op.source[1]) == (op.op == "insert")
        assert (op.target[0] == op.target[1]) == (op.op == "delete")


def contains(long: list[str], short: list[str]) -> bool:
    rest = iter(long)
    return all(key in rest for key in short)


@given(st.lists(st.sampled_from("abc"), max_size=9), st.lists(st.sampled_from("abc"), max_size=9))
def test_what_stays_is_a_longest_common_subsequence(old: list[str], new: list[str]) -> None:
    found = gaps(old, new)
    length = len(old) - sum(b - a for a, b in (gap.source for gap in found))
    table = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i, x in enumerate(old):
        for j, y in enumerate(new):
            table[i + 1][j + 1] = (
                table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
            )
    assert length == table[-1][-1]


def test_changes_are_told_in_words() -> None:
    assert prompt_edit("a red house", "a blue house").changes == (Change("replace", "red", "blue"),)
    swapped = prompt_edit("red house, blue boat", "blue house, red boat").changes
    assert swapped == (Change("swap", "red", "blue"),)
    moved = prompt_edit("oil, a house, noon, sun", "a house, noon, sun, oil").changes
    assert moved == (Change("swap", "oil", "a house, noon, sun"),)
    assert prompt_edit("a house", "a house at night").changes == (Change("insert", "at night"),)
    assert prompt_edit("a red house", "a house").changes == (Change("delete", "red"),)


@pytest.mark.parametrize(
    ("first", "second", "change"),
    [
        ("a house with a tree and a fence", "a house with a tree", Change("delete", "fence")),
        ("a house with a fence and a tree", "a house with a tree", Change("delete", "fence")),
        ("a house", "a house with a tree", Change("insert", "tree")),
        ("a house", "a tall old house", Change("insert", "tall old")),
        ("a red house", "a house", Change("delete", "red")),
        ("a house with a tree", "a house with a boat", Change("replace", "tree", "boat")),
        ("a house and", "a house", Change("delete", "and")),
    ],
)
def test_what_one_of_many_chunks_gains_or_loses_is_named_alone(
    first: str, second: str, change: Change
) -> None:
    rest = ", in a meadow, at noon, clear sky"
    assert prompt_edit(first + rest, second + rest).changes == (change,)


@given(PROMPTS, PROMPTS)
def test_every_change_has_words(source: str, target: str) -> None:
    for change in prompt_edit(source, target).changes:
        assert change.text
        assert bool(change.other) == (change.op in ("replace", "swap"))


@pytest.mark.parametrize(
    ("text", "head"),
    [("a cat, at noon", "a cat"), ("a cat with a hat", "a cat "), ("a sea by Turner", "a sea "),
     ("a cat in the style of Monet, big", "a cat "), ("a bylaw", "a bylaw"), ("", ""),
     ("by the sea", "by the sea"), ("With love, a card", "With love")],
)  # fmt: skip
def test_head_noun_phrase(text: str, head: str) -> None:
    assert text[: head_end(text)] == head
