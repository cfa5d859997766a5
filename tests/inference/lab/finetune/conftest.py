from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from inference.lab.finetune.instructpe.make import InstructPeOptions, make_instructpe, read_records
from inference.lab.finetune.instructpe.record import InstructPrompt
from inference.lab.finetune.run_chat import ChatTraining, run_chat
from inference.language.chat_lines import rewrite_line


@dataclass(frozen=True)
class TinyChat:
    """Records, and a tiny language model that was taught them for some steps."""

    records: Path
    model: Path
    train: list[InstructPrompt]


@pytest.fixture(scope="session")
def tiny_chat(tmp_path_factory: pytest.TempPathFactory) -> TinyChat:
    """A model of two narrow blocks: it writes words of the records, seldom the right ones."""
    from tests.inference.language import talkers

    folder = tmp_path_factory.mktemp("chat")
    make_instructpe(InstructPeOptions(storybook=60, held_out=0), folder / "records")
    train = read_records(folder / "records" / "train.json")
    texts = [
        (rewrite_line(r.source_prompt, r.instruction), r.beautified_target_prompt) for r in train
    ]
    tokenizer = talkers.words(texts)
    model = talkers.gpt2(tokenizer, lines=False, width=32, context=128)
    model.save_pretrained(folder / "model")
    tokenizer.save_pretrained(folder / "model")
    training = ChatTraining(
        folder / "model", folder / "records", folder, steps=60, batch_size=16, learning_rate=5e-3
    )
    run_chat(training)
    return TinyChat(folder / "records", folder / "models" / "chat", train)
