from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from inference.models.store import ModelStore
from inference.models.trigger_words import trigger_words


@pytest.mark.parametrize(
    ("metadata", "words"),
    [
        ({}, ()),
        ({"modelspec.trigger_phrase": "gouache style"}, ("gouache style",)),
        ({"modelspec.trigger_phrase": " a , b,,a, c, d"}, ("a", "b", "c")),
        ({"trigger_word": "xyz", "modelspec.trigger_phrase": "first"}, ("first",)),
        ({"ss_tag_frequency": '{"10_cat": {"sks cat": 20, "grass": 4}}'}, ("sks cat",)),
        (
            {"ss_tag_frequency": json.dumps({"a": {"x": 9, "y": 1}, "b": {"y": 9, "x": 1}})},
            ("x", "y"),
        ),
        ({"ss_tag_frequency": "{"}, ()),
        ({"ss_tag_frequency": "[1, 2]"}, ()),
        ({"ss_tag_frequency": '{"a": [1], "b": {"x": "many", "y": true}}'}, ()),
        ({"ss_tag_frequency": json.dumps({"a": {"x": 10**400, "y": 9 * 10**399, "z": 5}})},
         ("x", "y")),
        ({"trigger_word": "x" * 61}, ()),
        ({"trigger_word": "two\nlines"}, ()),
    ],
)  # fmt: skip
def test_words_of_metadata(metadata: dict[str, str], words: tuple[str, ...]) -> None:
    assert trigger_words(metadata) == words


def test_they_are_found_with_the_file(tmp_path: Path) -> None:
    tensors = {
        f"lora_unet_down_blocks_0_attentions_0_to_q.{matrix}.weight": torch.zeros(4, 4)
        for matrix in ("lora_down", "lora_up")
    }
    save_file(tensors, tmp_path / "gouache.safetensors", {"modelspec.trigger_phrase": "gouache"})
    (adapter,) = ModelStore([tmp_path]).adapters
    assert adapter.words == ("gouache",)
