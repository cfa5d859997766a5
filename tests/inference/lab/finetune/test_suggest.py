"""What is learnt from traces, on models small enough to learn it in seconds."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from editor.model.trace import Trace, TraceStep
from inference.lab.finetune.run_recipe import trained_folder
from inference.lab.finetune.run_suggest import (
    NothingToLearn,
    SuggestTraining,
    run_suggest,
)
from inference.lab.finetune.simulated_traces import write_simulated
from inference.lab.finetune.suggest import FACTS, SuggestRecipe, blocks_of, padded_batch
from inference.lab.finetune.suggest_examples import (
    SuggestExamples,
    after_example,
    general_example,
    next_edits,
    parsed_between,
    storybook_example,
)
from inference.lab.finetune.tuning_language import load_language
from inference.lab.storybook.hidden_goals import draw_traces, parsed
from inference.language.trace_lines import TRACE_LINES
from inference.language.traces.trace_file import write_traces
from inference.starter.captions import canonical
from inference.starter.lines import parse_next

TRACE = Trace(
    "1",
    (
        TraceStep("a lake", caption="a calm lake"),
        TraceStep(instruction="add a dog", accepted=False),
        TraceStep("a lake with a boat", "add a boat", "a boat on a lake"),
        TraceStep("a lake with a red boat", "make the boat red", "a red boat on a lake"),
    ),
)


def test_places_of_a_trace() -> None:
    first, second = next_edits(TRACE)
    assert (first.done, first.refused, first.kind) == ((), ("add a dog",), "insert")
    assert (second.done, second.refused, second.kind) == (("add a boat",), ("add a dog",), "insert")


def test_each_context_tells_more() -> None:
    edit = list(next_edits(TRACE))[1]
    assert general_example(edit, "prompt") == (
        "Picture: a lake with a boat\nNext:", "make the boat red",
    )  # fmt: skip
    assert general_example(edit, "path") == (
        "Picture: a lake with a boat\nAsked: add a boat\nRefused: add a dog\nNext:",
        "make the boat red",
    )
    assert general_example(edit, "caption") == (
        "Picture: a boat on a lake\nAsked: add a boat\nRefused: add a dog\nNext:",
        "make the boat red",
    )
    assert after_example(edit) == (
        "Picture: a lake with a boat\nAsked: make the boat red\nAfter:", "a lake with a red boat",
    )  # fmt: skip


def test_edits_of_the_storybook_are_read_from_captions() -> None:
    for one in draw_traces(40, 9):
        for edit in one.edits:
            assert parsed_between(canonical(edit.source), canonical(edit.target)) == parsed(edit)
        kept = list(next_edits(one.trace))
        for place, made in zip(kept, one.edits, strict=True):
            example = storybook_example(place, "path")
            assert example is not None
            read = parse_next(example[1])
            assert read is not None
            assert read[1] == parsed(made)
    assert parsed_between("a red house", "a red house") is None
    assert parsed_between("a red house, at noon, summer", "a red house, at night, winter") is None


def test_examples_of_some_kinds_only() -> None:
    traces = [one.trace for one in draw_traces(10, 2)]
    every = SuggestExamples.of(traces, storybook_example)
    replaces = SuggestExamples.of(traces, storybook_example, kinds=frozenset({"replace"}))
    assert 0 < len(replaces.edits) < len(every.edits)
    assert {edit.kind for edit in replaces.edits} == {"replace"}
    rng = np.random.default_rng(0)
    drawn = [every.draw(rng) for _ in range(30)]
    assert {question.split("\n")[1] == "done: " for question, _ in drawn} == {True, False}


def test_a_long_question_is_cut_at_its_beginning(words: Any) -> None:
    batch = padded_batch([("a boat " * 50, "a lake"), ("a", "a lake")], words, 24)
    answer = [*words(" a lake").input_ids, words.eos_token_id]
    assert batch["ids"].shape == (2, 24)
    assert batch["ids"][0, -len(answer) :].tolist() == answer
    assert batch["answer"].sum(1).tolist() == [len(answer)] * 2
    assert batch["mask"].sum(1).tolist() == [24, len(words("a").input_ids) + len(answer)]


def test_a_mark_of_the_beginning_stands_before_the_question_alone(words: Any) -> None:
    from tokenizers.processors import TemplateProcessing

    marking = copy.deepcopy(words)
    mark = marking.eos_token
    marking.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"{mark} $A", special_tokens=[(mark, marking.eos_token_id)]
    )
    batch = padded_batch([("a boat", "a lake")], marking, 24)
    pieces = [*words("a boat").input_ids, *words(" a lake").input_ids]
    assert batch["ids"][0].tolist() == [marking.eos_token_id, *pieces, marking.eos_token_id]


@pytest.fixture(scope="module")
def words() -> Any:
    from inference.lab.training.tokenizers import language_tokenizer

    return language_tokenizer(
        ["a boat on a lake", "Picture: Asked: Refused: Next: After: make red"]
    )


@pytest.fixture(scope="module")
def base(words: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT-2 of random weights in its stock layout."""
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("base")
    config = GPT2Config(
        vocab_size=len(words), n_positions=96, n_embd=32, n_layer=3, n_head=2,
        bos_token_id=0, eos_token_id=0, pad_token_id=0,
    )  # fmt: skip
    GPT2LMHeadModel(config).save_pretrained(folder)
    words.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def training(base: Path, tmp_path_factory: pytest.TempPathFactory) -> SuggestTraining:
    folder = tmp_path_factory.mktemp("training")
    write_traces(folder / "traces.jsonl", [TRACE])
    return SuggestTraining(
        base, (folder / "traces.jsonl",), folder / "out", steps=8, batch_size=4,
        learning_rate=1e-2, after=0.2,
    )  # fmt: skip


def test_a_run_is_resumed_and_written(training: SuggestTraining) -> None:
    whole = replace(training, output=training.output / "whole", steps=6)
    assert run_suggest(whole, log_every=2)["done"]
    part = replace(training, output=training.output / "part", steps=6)
    assert not run_suggest(part, minutes=0.0, log_every=2)["done"]  # one step, then the time is up
    assert run_suggest(part, log_every=2)["done"]
    first, second = (
        torch.load(one.output / "checkpoints" / "suggest.pt", weights_only=True)["network"]
        for one in (whole, part)
    )
    assert all(torch.equal(first[name], second[name]) for name in first)
    assert (whole.output / "suggest.png").read_bytes()[:4] == b"\x89PNG"
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(trained_folder(whole.name, whole.output))
    assert model.config.suggest_lines == TRACE_LINES
    lines = (whole.output / "logs" / "suggest.jsonl").read_text("utf-8").splitlines()
    log = [json.loads(line) for line in lines]
    assert log[-1]["loss"] < log[0]["loss"]


def test_a_lora_is_small_and_knows_its_model(training: SuggestTraining) -> None:
    lora = replace(training, output=training.output / "lora", tuned="lora", rank=2, steps=3)
    values = run_suggest(lora)
    folder = Path(values["model"])
    assert values["done"]
    names = {path.name for path in folder.iterdir()}
    assert {"adapter_model.safetensors", "adapter_config.json", FACTS} <= names
    assert json.loads((folder / FACTS).read_text())["lines"] == TRACE_LINES
    assert (
        json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"] is None
    )
    base = (lora.model / "model.safetensors").stat().st_size
    assert (folder / "adapter_model.safetensors").stat().st_size < base / 4
    plain, tuned = load_language(lora.model), load_language(lora.model, folder)
    assert tuned.model.config.suggest_lines == TRACE_LINES
    moved = zip(plain.model.parameters(), tuned.model.parameters(), strict=True)
    assert any(not torch.equal(a, b) for a, b in moved)


def test_only_the_last_blocks_learn(training: SuggestTraining) -> None:
    recipe: SuggestRecipe = replace(training, tuned="last", blocks=1).recipe()
    network = recipe.network()
    learning = {name for name, p in network.named_parameters() if p.requires_grad}
    assert learning
    assert all(".h.2." in name for name in learning)
    assert len(blocks_of(network)) == 3


def test_traces_that_teach_nothing_are_refused(training: SuggestTraining, tmp_path: Path) -> None:
    write_traces(tmp_path / "t.jsonl", [Trace("1", (TraceStep("a"), TraceStep("b")))])
    with pytest.raises(NothingToLearn):
        replace(training, traces=(tmp_path / "t.jsonl",)).recipe()


def test_simulated_traces_are_a_file(tmp_path: Path) -> None:
    assert write_simulated(tmp_path / "t.jsonl", 3, 1) == 3
    assert write_simulated(tmp_path / "m.jsonl", 3, 1, memoryless=True) == 3
    assert (tmp_path / "t.jsonl").read_bytes() != (tmp_path / "m.jsonl").read_bytes()
