"""Learning to rewrite prompts, on a model small enough to learn it in seconds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM

from inference.lab.finetune.chat_examples import ChatExamples
from inference.lab.finetune.instructpe.make import InstructPeOptions, make_instructpe, read_records
from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.finetune.run_chat import ChatTraining, NoRecords, run_chat
from inference.lab.finetune.run_recipe import OtherTraining
from inference.language.chat_lines import CHAT_LINES, rewrite_line


def test_the_plain_and_the_full_prompt_are_asked_about() -> None:
    record = InstructPrompt(
        "an owl", "make it red", "an owl, 8k", "a red owl, 8k", "a red owl", "x"
    )
    drawn = {ChatExamples([record]).draw(np.random.default_rng(n)) for n in range(12)}
    assert drawn == {
        ("Prompt: an owl\nAsked: make it red\nRewritten:", "a red owl, 8k"),
        ("Prompt: an owl, 8k\nAsked: make it red\nRewritten:", "a red owl, 8k"),
    }
    assert rewrite_line(" a  b\n", "c\nd") == "Prompt: a b\nAsked: c d\nRewritten:"


def test_a_model_learns_from_records_and_goes_on(tmp_path: Path) -> None:
    from tests.inference.language import talkers

    make_instructpe(InstructPeOptions(storybook=60, held_out=0), tmp_path / "records")
    records = read_records(tmp_path / "records" / "train.json")
    texts = [
        (rewrite_line(r.source_prompt, r.instruction), r.beautified_target_prompt) for r in records
    ]
    tokenizer = talkers.words(texts)
    model = talkers.gpt2(tokenizer, lines=False, width=32, context=128)
    model.save_pretrained(tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")
    training = ChatTraining(
        tmp_path / "model", tmp_path / "records", tmp_path, steps=30, batch_size=8,
        learning_rate=3e-3, origin="storybook",
    )  # fmt: skip
    first = run_chat(training, minutes=0)
    values = run_chat(training)
    assert (first["step"], values["step"], values["done"]) == (1, 30, True)
    with pytest.raises(OtherTraining, match=r"begun with another rank, seed\."):
        run_chat(replace(training, seed=1, rank=4))
    assert values["held_out_loss"] < 0.8 * first["held_out_loss"]
    made = AutoModelForCausalLM.from_pretrained(tmp_path / "models" / "chat")
    assert made.config.chat_lines == CHAT_LINES
    assert made.dtype in (torch.float16, torch.float32)
    with pytest.raises(NoRecords, match="origin"):
        ChatTraining(tmp_path / "model", tmp_path / "records", tmp_path, origin="z").recipe()
    with pytest.raises(NoRecords, match=r"no train\.json of records"):
        ChatTraining(tmp_path / "model", tmp_path, tmp_path).recipe()
    (tmp_path / "records" / "test.json").write_text("[5]", "utf-8")
    with pytest.raises(NoRecords, match=r"no test\.json of records"):
        run_chat(replace(training, name="new"))
    assert not (tmp_path / "checkpoints" / "new.pt").exists()
