"""Fine-tuning on captions, on models small enough to learn in seconds."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from inference.lab.finetune.caption_examples import (
    CaptionExamples,
    NoCaptions,
    caption_example,
    read_captions,
    read_topics,
    split_captions,
)
from inference.lab.finetune.captions import (
    CaptionRecipe,
    learning_blocks,
    tag_ids,
    with_tags,
)
from inference.lab.finetune.run_captions import CaptionTraining, run_captions
from inference.lab.finetune.suggest import padded_batch
from inference.lab.finetune.word_filter import WordFilter
from inference.language.caption_tags import (
    CAPTION_END,
    CAPTION_START,
    CaptionForm,
    caption_form,
    caption_prefix,
)

CAPTIONS = [f"a {c} {t} by the sea" for c in ("red", "blue") for t in ("castle", "boat", "owl")]


def _tiny(blocks: int = 2, width: int = 16) -> tuple[Any, Any]:
    from transformers import GPT2Config, GPT2LMHeadModel

    from tests.inference.language import talkers

    tokenizer = talkers.words([(text, "topic : by") for text in CAPTIONS])
    torch.manual_seed(0)
    end = tokenizer.eos_token_id
    config = GPT2Config(
        vocab_size=len(tokenizer), n_positions=64, n_embd=width, n_layer=blocks, n_head=2,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=end, eos_token_id=end,
    )  # fmt: skip
    return GPT2LMHeadModel(config), tokenizer


def _recipe(blocks: int = 2, **options: Any) -> CaptionRecipe:
    model, tokenizer = _tiny(blocks)
    with_tags(model, tokenizer)
    examples = CaptionExamples.of(CAPTIONS, "tags", tokenizer.eos_token)
    return CaptionRecipe("c", examples, model, tokenizer, batch_size=4, **options)


def test_tags_round_trip_and_begin_at_the_mean() -> None:
    model, tokenizer = _tiny()
    mean = model.get_input_embeddings().weight.detach().mean(0)
    with_tags(model, tokenizer)
    ids = tokenizer(f"{CAPTION_START} a castle {CAPTION_END}").input_ids
    assert [ids[0], ids[-1]] == tag_ids(tokenizer)
    assert tokenizer.decode(ids) == f"{CAPTION_START} a castle {CAPTION_END}"
    assert tokenizer.decode(ids, skip_special_tokens=True).strip() == "a castle"
    for table in (model.get_input_embeddings(), model.get_output_embeddings()):
        torch.testing.assert_close(table.weight[tag_ids(tokenizer)], mean.expand(2, -1))
    size = len(tokenizer)
    with torch.no_grad():
        model.get_input_embeddings().weight[tag_ids(tokenizer)] = 7.0
    with_tags(model, tokenizer)
    assert len(tokenizer) == size == model.config.vocab_size
    # A second training does not forget what the first one learnt of the tags.
    assert (model.get_input_embeddings().weight[tag_ids(tokenizer)] == 7.0).all()


@pytest.mark.parametrize("form", ["plain", "tags", "topic", "topic-plain"])
def test_a_model_is_asked_with_what_it_was_trained_on(form: CaptionForm) -> None:
    """The tokens before and of a caption are those of training, whatever the form."""
    _, tokenizer = _tiny()
    with_tags(_tiny()[0], tokenizer)
    example = caption_example("red castle by the sea", form, tokenizer.eos_token)
    assert example is not None
    trained = padded_batch([example], tokenizer, 64)["ids"][0].tolist()
    asked = tokenizer(caption_prefix("red castle", form, tokenizer.eos_token)).input_ids
    assert trained[: len(asked)] == asked


def test_exactly_six_of_forty_eight_blocks_and_the_extras_learn() -> None:
    recipe = _recipe(48)
    network = recipe.network()
    network(**recipe.batch(0, np.random.default_rng(0)))["loss"].backward()
    learning = {name for name, p in network.named_parameters() if p.grad is not None}
    assert learning == {name for name, p in network.named_parameters() if p.requires_grad}
    blocks = {int(name.split(".h.")[1].split(".")[0]) for name in learning if ".h." in name}
    assert blocks == set(range(42, 48))
    extras = {name for name in learning if ".h." not in name}
    assert all("ln_f" in name or "trainable_tokens" in name for name in extras), extras
    assert any("ln_f" in name for name in extras)
    assert sum("trainable_tokens" in name for name in extras) == 1  # tied: one for both ends
    assert (learning_blocks(48, 0.125), learning_blocks(6, 0.125), learning_blocks(30, 0.2)) == (
        6,
        1,
        6,
    )


def test_only_the_rows_of_the_tags_change() -> None:
    recipe = _recipe()
    network: Any = recipe.network()
    optimiser = torch.optim.AdamW([p for p in network.parameters() if p.requires_grad], lr=0.1)
    network(**recipe.batch(0, np.random.default_rng(0)))["loss"].backward()
    optimiser.step()
    whole = network.gpt.merge_and_unload()
    before = recipe.start.get_input_embeddings().weight
    changed = (whole.get_input_embeddings().weight != before).any(1).nonzero()[:, 0].tolist()
    assert changed == sorted(tag_ids(recipe.tokenizer))


def test_each_form_has_its_example() -> None:
    assert caption_example("a red owl", "plain", "<end>") == ("<end>", "a red owl")
    assert caption_example("a red owl", "tags", "") == (CAPTION_START, f"a red owl {CAPTION_END}")
    assert caption_example("a red owl", "topic", "") == (
        f"topic: red owl\n{CAPTION_START}", f"a red owl {CAPTION_END}",
    )  # fmt: skip
    assert caption_example("a red owl", "topic-plain", "") == ("topic: red owl\n", "a red owl")
    assert caption_example("a red owl", "topic-plain", "", "owl, red") == (
        "topic: owl, red\n", "a red owl",
    )  # fmt: skip
    assert caption_example("very slowly", "topic", "") is None
    assert len(CaptionExamples.of(["an owl", "slowly"], "topic", "").examples) == 1
    both = CaptionExamples.of(["an owl", "slowly"], "topic", "", {"slowly": "a snail"}).examples
    assert [question.splitlines()[0] for question, _ in both] == ["topic: owl", "topic: a snail"]


def test_a_pass_shows_every_caption_once_and_the_next_one_in_another_order() -> None:
    examples = CaptionExamples(tuple((str(n), "") for n in range(10)))
    taken = [question for step in range(5) for question, _ in examples.take(4 * step, 4, 3)]
    assert sorted(taken[:10]) == sorted(taken[10:]) == [str(n) for n in range(10)]
    assert taken[:10] != taken[10:]
    assert examples.take(8, 4, 3) == [(text, "") for text in taken[8:12]]
    assert examples.take(0, 10, 4) != examples.take(0, 10, 3)


def test_the_loss_is_on_the_target_alone() -> None:
    """Hook 12: labels are −100 up to the source's length, then the target with its end."""
    _, tokenizer = _tiny()
    tokenizer.pad_token = tokenizer.eos_token
    questions = [("a red castle by", "the sea"), ("a", "blue boat by the sea")]
    batch = padded_batch(questions, tokenizer, 64)
    labels = batch["ids"].masked_fill(batch["answer"] == 0, -100)
    for row, (question, answer) in zip(labels.tolist(), questions, strict=True):
        source = len(tokenizer(question).input_ids)
        target = [*tokenizer(" " + answer).input_ids, tokenizer.eos_token_id]
        assert row[:source] == [-100] * source
        assert row[source : source + len(target)] == target
        assert set(row[source + len(target) :]) <= {-100}


def test_captions_are_read_filtered_and_split(tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    lines = [f"caption  {n}" for n in range(40)]
    file.write_text("\n".join([*lines, "", "caption 3", "a nude"]), "utf-8")
    captions = read_captions(file)
    assert captions[:2] == ["caption 0", "caption 1"]
    assert len(captions) == 41
    split = split_captions(captions, WordFilter(["nude"]), 1)
    assert (len(split.train), len(split.held_out), split.filtered) == (36, 4, 1)
    assert not set(split.train) & set(split.held_out)
    assert split == split_captions(captions, WordFilter(["nude"]), 1)
    rows = tmp_path / "c.jsonl"
    rows.write_text('{"prompt": "one"}\n{"caption": "two"}\n{"other": "three"}\n', "utf-8")
    assert read_captions(rows) == ["one", "two"]
    rows.write_text('{"caption": null, "text": "one\u2028line"}\n{"caption": "two"}\n', "utf-8")
    assert read_captions(rows) == ["one line", "two"]
    rows.write_text('{"caption": "a", "topic": " b  c "}\n{"text": "d", "topic": null}\n', "utf-8")
    assert read_topics(rows) == {"a": "b c", "d": ""}
    for text in ("", "{", "[1]\n", '{"prompt": "one"}', "[" * 5000):
        rows.write_text(text, "utf-8")
        with pytest.raises(NoCaptions):
            read_captions(rows)
    with pytest.raises(NoCaptions, match="leaves no"):
        split_captions(["a nude", "nude"], WordFilter(["nude"]), 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny model and captions on disk."""
    place = tmp_path_factory.mktemp("tiny")
    model, tokenizer = _tiny()
    model.save_pretrained(place / "model")
    tokenizer.save_pretrained(place / "model")
    (place / "captions.txt").write_text("\n".join(CAPTIONS), "utf-8")
    return place


@pytest.mark.parametrize(
    ("tuned", "form"),
    [("last", "tags"), ("lora", "topic"), ("last", "plain"), ("lora", "topic-plain")],
)
def test_a_run_goes_on_and_writes_a_model(
    folder: Path, tmp_path: Path, tuned: Any, form: Any
) -> None:
    training = CaptionTraining(
        folder / "model", folder / "captions.txt", tmp_path, tuned=tuned, form=form, epochs=4,
        batch_size=4, learning_rate=1e-2,
    )  # fmt: skip
    assert run_captions(training, minutes=0)["step"] == 1
    values = run_captions(training)
    assert (values["step"], values["done"], values["captions"], values["held_out"]) == (
        5,
        True,
        5,
        1,
    )
    assert values["held_out_loss"] > 0
    assert (tmp_path / "captions.png").is_file()
    made = tmp_path / "models" / "captions"
    tokenizer = AutoTokenizer.from_pretrained(made)
    if tuned == "lora":
        config = json.loads((made / "adapter_config.json").read_text())
        assert config["base_model_name_or_path"] is None  # no path of this machine
        return
    model = AutoModelForCausalLM.from_pretrained(made)
    assert caption_form(model.config) == form
    assert len(tokenizer) == model.config.vocab_size


def test_a_topic_is_needed_for_the_topic_form(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "c.txt"
    file.write_text("slowly\nvery\noften\n", "utf-8")
    training = CaptionTraining(folder / "model", file, tmp_path, form="topic")
    with pytest.raises(NoCaptions, match="topic"):
        training.recipe()
    assert replace(training, form="plain").steps == 1
