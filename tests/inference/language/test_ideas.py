from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inference.language.caption_tags import caption_form, caption_prefix, whole_caption
from inference.language.ideas import (
    ThingsUnknown,
    WritesNoPrompts,
    _question,
    faithfulness,
    prompt_writer,
    prompts_for,
)
from inference.models.language_adapters import adapter_for
from inference.models.store import ModelStore


@pytest.fixture(scope="module")
def writer() -> Any:
    """A GPT-2 of random weights."""
    from tests.inference.language import talkers

    lines = [("a castle on a hill by the sea at night", "oil painting , red , soft light")]
    tokenizer = talkers.words(lines)
    return talkers.Talker(
        talkers.gpt2(tokenizer, lines=False, width=32, context=2048).eval(), tokenizer
    )


def _checked() -> None:
    """Nobody cancels."""


def test_a_model_trained_on_captions_continues_the_concept(writer: Any) -> None:
    writer.model.config.caption_form = "plain"
    try:
        made = prompts_for(writer, "castle", 4, 1, _checked)
        again = prompts_for(writer, "castle", 4, 1, _checked)
        other = prompts_for(writer, "castle", 4, 2, _checked)
        sentence = prompts_for(writer, "A castle is red.", 2, 1, _checked)
    finally:
        del writer.model.config.caption_form
    assert made == again
    assert made != other
    assert len(set(made)) == len(made) == 4
    assert all(prompt.startswith("castle ") for prompt in made)
    assert all(prompt.startswith("A castle is red ") for prompt in sentence)  # it goes on


def test_any_other_model_is_shown_examples(writer: Any) -> None:
    question = _question(writer, "grey  owl")
    assert question is not None
    assert question.count("Concept: ") == 6
    assert question.rstrip().endswith("Concept: grey owl")
    assert len(prompts_for(writer, "grey owl", 2, 0, _checked)) == 2
    fox = _question(writer, "a fox in a city")  # two examples are about these
    assert fox is not None
    assert fox.count("Concept: ") == 4
    longer = _question(writer, "owl " * 420)  # room for some of them
    assert longer is not None
    assert 1 < longer.count("Concept: ") < 6
    with pytest.raises(WritesNoPrompts, match="too long"):
        prompts_for(writer, "owl " * 2000, 1, 0, _checked)


def test_a_model_of_edits_says_that_it_writes_none(babbler: Any) -> None:
    with pytest.raises(WritesNoPrompts, match="writes no prompts"):
        prompts_for(babbler, "castle", 1, 0, _checked)


@pytest.fixture(scope="module")
def starter() -> Any:
    """The language model that comes with the program."""
    from app.runtime.paths import shipped_models

    folder = shipped_models()
    assert folder is not None
    return ModelStore([folder], device="cpu").language()


@pytest.mark.parametrize(
    "concept",
    ["lighthouse", "a red cat", "The boat sailed home under the stars.", "snow in the mountains"],
)
def test_the_starter_writes_full_prompts_that_keep_the_concept(starter: Any, concept: str) -> None:
    from inference.starter.captions import parse_caption
    from inference.starter.concepts import concept_facts
    from inference.starter.scene import ATTRIBUTES

    plain = torch_logits(starter)
    with prompt_writer(starter) as world:
        assert world is not None
        made = prompts_for(starter, concept, 4, 0, _checked, world)
    assert len(set(made)) == 4
    for prompt in made:
        said = parse_caption(prompt)
        assert concept_facts(concept).items() <= said.items()
        # A second thing may be none, and then it has no colour.
        assert ATTRIBUTES.keys() - {"second_colour"} <= said.keys()
    assert (torch_logits(starter) == plain).all()
    with pytest.raises(WritesNoPrompts, match="writes no prompts"):
        prompts_for(starter, concept, 1, 0, _checked)


def test_the_starter_names_what_it_does_not_know(starter: Any) -> None:
    with prompt_writer(starter) as world:
        with pytest.raises(ThingsUnknown, match="clockmaker") as error:
            prompts_for(starter, "an old clockmaker and a fox", 2, 0, _checked, world)
        assert error.value.things == ("old clockmaker", "fox")
        with pytest.raises(ThingsUnknown):
            prompts_for(starter, "a picture", 2, 0, _checked, world)


def test_a_model_of_ones_own_that_writes_about_topics_is_asked_as_it_was_taught(
    starter: Any,
) -> None:
    """Also where it was trained from the starter, whose world it may have left."""
    starter.model.config.caption_form = "topic-plain"
    try:
        assert prompts_for(starter, "a fox", 1, 0, _checked)
        with prompt_writer(starter):
            pass
        assert starter.model.config.caption_form == "topic-plain"
    finally:
        del starter.model.config.caption_form


def test_the_shipped_lora_is_for_the_shipped_model(starter: Any) -> None:
    """A language model that was trained anew needs a new LoRA."""
    adapter = adapter_for(starter.found, "ideas")
    assert adapter is not None
    digest = hashlib.sha256(starter.found.weights[0].read_bytes()).hexdigest()
    assert adapter.read_facts()["sha256"] == digest
    other = replace(starter.found, weights=(adapter.folder / "adapter_model.safetensors",))
    assert adapter_for(other, "ideas") is None


def torch_logits(language: Any) -> Any:
    """What the model computes for some tokens."""
    import torch

    with torch.inference_mode():
        return language.model(input_ids=torch.tensor([[3, 5, 8, 4]])).logits


def test_each_form_has_its_prefix() -> None:
    assert caption_prefix("owl", "plain", "<end>") == "<end> owl"
    assert caption_prefix("owl", "tags", "<end>") == "<|cap|> owl"
    assert caption_prefix("owl", "topic", "<end>") == "topic: owl\n<|cap|>"
    assert caption_prefix("owl", "topic-plain", "<end>") == "topic: owl\n"
    assert whole_caption("owl", " an owl in a tree", "topic-plain") == "an owl in a tree"
    assert whole_caption("owl", " in  a tree <|/cap|> more", "tags") == "owl in a tree"
    assert whole_caption("owl", " an owl in a tree", "topic") == "an owl in a tree"
    assert whole_caption("owl", ", at night , 8k", "plain") == "owl, at night, 8k"
    assert caption_form(object()) is None


def test_without_clip_words_decide(tmp_path: Path) -> None:
    values = faithfulness(ModelStore((tmp_path,)), "red owl", ["a red owl", "an owl"], _checked)
    assert values == [1.0, 0.5]
