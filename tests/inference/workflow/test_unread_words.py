from __future__ import annotations

import json
from pathlib import Path

import pytest

from editor.model.edit import Instruction
from inference.models.prompt_length import unread_end
from inference.models.store import ModelStore
from inference.request.registry import METHODS
from inference.workflow.unread_words import unread_words

LONG = (
    "a red house with a green apple tree and a white fence in a meadow at noon under a cloudy sky "
    "in summer with two swans on the pond and a blue boat beside the mill and a cat on the roof "
    "and a lantern at the door and a path of yellow stones"
)


@pytest.fixture
def folder(starter_models: Path) -> Path:
    return starter_models / "text-to-image"


def test_what_fits_is_read_whole(folder: Path) -> None:
    assert unread_end(folder, "a red house, in a meadow") == ""
    assert unread_end(folder, "a red house " * 3) == ""


def test_the_end_begins_where_the_encoder_stops(folder: Path) -> None:
    """The same place as the tokenizer's own cut, at the begin of a word."""
    from transformers import CLIPTokenizerFast

    rest = unread_end(folder, LONG)
    assert rest
    assert LONG.endswith(rest)
    read = LONG.removesuffix(rest)
    assert read.endswith(" ")
    tokenizer = CLIPTokenizerFast.from_pretrained(folder / "tokenizer", local_files_only=True)
    length = tokenizer.model_max_length
    cut = tokenizer(LONG, truncation=True, max_length=length).input_ids
    assert tokenizer(read, truncation=True, max_length=length).input_ids == cut
    longer = read + rest.split()[0]
    assert len(tokenizer(longer).input_ids) > length


def test_without_a_limit_everything_is_read(tmp_path: Path) -> None:
    place = tmp_path / "tokenizer"
    place.mkdir()
    assert unread_end(tmp_path, LONG) == ""
    (place / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 10**30}))
    assert unread_end(tmp_path, LONG) == ""


def test_the_first_words_that_are_not_read_are_named(starter_models: Path) -> None:
    models = ModelStore((starter_models,))
    generate = METHODS["generate"]
    assert unread_words(generate, Instruction("a red house"), models) is None
    said = unread_words(generate, Instruction(LONG), models)
    assert said is not None
    assert said.code == "words.beyond_context"
    named = str(dict(said.values)["rest"])
    assert len(named.split()) == 6
    assert named in LONG
    assert len(str(said)) <= 140
    # The caption is what such a model reads, not the order.
    short = Instruction(LONG, "a house", "a house at night")
    assert unread_words(generate, short, models) is None
