"""Which concepts are written about, how arms are named, and how they are compared."""

from __future__ import annotations

from pathlib import Path

import pytest

from inference.lab.evaluation.arm_digest import NoArm
from inference.lab.evaluation.ideas.arms import IdeaArmSource
from inference.lab.evaluation.ideas.concept_list import concept_list
from inference.lab.evaluation.protocols.ideas import _differences
from inference.lab.finetune.run_captions import CaptionTraining, run_captions
from inference.language.ideas import prompts_for
from tests.inference.language import talkers

CAPTIONS = ["a red owl at night", "a red owl", "the small boat", "a small boat at night", "a key"]


def test_concepts_are_frequent_and_stand_as_they_come() -> None:
    assert concept_list(CAPTIONS, 9) == ("red owl", "small boat")  # nights are no subjects
    assert concept_list([*CAPTIONS, "a small boat"], 1) == ("small boat",)
    assert concept_list(["a key"], 9) == ()


def test_arms_are_named_with_folder_lora_and_how_they_are_asked(tmp_path: Path) -> None:
    model, lora = tmp_path / "model", tmp_path / "lora"
    model.mkdir()
    lora.mkdir()
    parse = IdeaArmSource.parse
    assert parse(f"tags={model}+{lora}") == IdeaArmSource("tags", model, lora)
    assert parse(f"none={model}:continued") == IdeaArmSource("none", model, continued=True)
    for text in (str(model), f"={model}", "a=none", f"a={model}+none"):
        with pytest.raises(NoArm):
            parse(text)


def test_arms_are_compared_on_concepts_that_both_wrote_about() -> None:
    found = {
        "none": [[{"faithful": 1.0}, {"faithful": 0.0}], [{"faithful": 1.0}], []],
        "tags": [[{"faithful": 1.0}], [{"faithful": 0.0}], [{"faithful": 1.0}]],
    }
    difference = _differences(found)["tags-none/faithful"]
    assert (difference["mean"], difference["n"]) == (-0.25, 2)  # (1 − .5) and (0 − 1)


@pytest.mark.parametrize("tuned", ["lora", "last"])
def test_a_model_that_was_trained_on_captions_is_asked_between_its_tags(
    tuned: str, tmp_path: Path
) -> None:
    (tmp_path / "captions.txt").write_text("\n".join(CAPTIONS * 2) + "\na tall tree", "utf-8")
    tokenizer = talkers.words([(one, "") for one in CAPTIONS])
    talkers.gpt2(tokenizer, lines=False, width=32).save_pretrained(tmp_path / "model")
    tokenizer.save_pretrained(tmp_path / "model")
    training = CaptionTraining(
        tmp_path / "model", tmp_path / "captions.txt", tmp_path, tuned=tuned, batch_size=4,  # type: ignore[arg-type]
    )  # fmt: skip
    run_captions(training)
    made = tmp_path / "models" / "captions"
    source = (
        IdeaArmSource("tags", tmp_path / "model", made)
        if tuned == "lora"
        else IdeaArmSource("tags", made)
    )
    language = source.load()
    assert language.model.config.caption_form == "tags"
    (prompt,) = prompts_for(language, "red owl", 1, 0, lambda: None)
    assert prompt.startswith("red owl")
