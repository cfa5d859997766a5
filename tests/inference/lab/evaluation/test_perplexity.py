from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from inference.lab.evaluation.perplexity import first_column, perplexity
from inference.models.store import ModelStore
from tests.inference import tiny_models


def test_it_is_the_exponential_of_the_models_own_loss(tmp_path: Path) -> None:
    tiny_models.gpt2(tmp_path / "gpt2")
    loaded = ModelStore([tmp_path], device="cpu").language()
    text = "make it warmer"
    begin = loaded.tokenizer.bos_token_id
    ids = loaded.tokenizer(text, add_special_tokens=False)["input_ids"]
    row = torch.tensor([[begin, *ids]])
    loss = float(loaded.model(row, labels=row).loss)
    found = perplexity(loaded, [text])
    assert found.tokens == len(ids)
    assert found.per_token == pytest.approx(math.exp(loss), rel=1e-4)
    bits = loss / math.log(2) * len(ids) / len(text)
    assert found.bits_per_character == pytest.approx(bits, rel=1e-4)
    twice = perplexity(loaded, [text, text])
    assert (twice.texts, twice.tokens) == (2, 2 * len(ids))
    assert twice.per_token == pytest.approx(found.per_token)


def test_nothing_to_predict_is_an_error(tmp_path: Path) -> None:
    tiny_models.gpt2(tmp_path / "gpt2")
    loaded = ModelStore([tmp_path], device="cpu").language()
    with pytest.raises(ValueError, match="no text"):
        perplexity(loaded, [""])


def test_the_first_column_below_the_heading(tmp_path: Path) -> None:
    file = tmp_path / "texts.tsv"
    file.write_text("Prompt\tKind\na dog\tx\na cat\ty\na cow\tz\n", "utf-8")
    assert first_column(file, 2) == ["a dog", "a cat"]
