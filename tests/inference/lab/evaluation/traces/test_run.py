"""A run over a model of random weights: how it is asked, what is kept, what is refused."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from editor.model.trace import Trace
from inference.lab.evaluation.arm_digest import NoArm, OtherModel
from inference.lab.evaluation.protocol import BadOption
from inference.lab.evaluation.protocols.traces import evaluate
from inference.lab.evaluation.traces.arms import (
    ChatArm,
    StorybookArm,
    TraceLinesArm,
    arms_of,
    context_for,
)
from inference.lab.evaluation.traces.run import ArmSource, TraceExperiment
from inference.lab.evaluation.traces.trace_items import trace_items
from inference.language.trace_lines import TRACE_LINES
from inference.language.traces.split import in_part
from inference.language.traces.trace_file import write_traces
from inference.starter.lines import LINE_FORMAT
from tests.inference.lab.evaluation.traces.test_traces import SESSIONS, Memory


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A GPT-2 of random weights in its stock layout."""
    from transformers import GPT2Config, GPT2LMHeadModel

    from inference.lab.training.tokenizers import language_tokenizer

    torch.manual_seed(0)
    made = tmp_path_factory.mktemp("arm")
    words: Any = language_tokenizer(["Picture: Asked: Refused: Next: After: a red house"])
    config = GPT2Config(
        vocab_size=len(words), n_positions=512, n_embd=16, n_layer=1, n_head=1,
        bos_token_id=0, eos_token_id=0, pad_token_id=0, suggest_lines=TRACE_LINES,
    )  # fmt: skip
    GPT2LMHeadModel(config).save_pretrained(made)
    words.save_pretrained(made)
    return made


def experiment(*arms: ArmSource, **more: Any) -> TraceExperiment:
    values: dict[str, Any] = {
        "n": 2, "seed": 1, "pictures": ("renderer",), "contexts": ("prompt", "path"),
    }  # fmt: skip
    return TraceExperiment(arms, **(values | more))


def held_out(traces: list[Trace]) -> list[Trace]:
    """The same traces under ids that are held out."""
    ids = (str(i) for i in itertools.count() if in_part(Trace(str(i), ()), "held-out"))
    return [replace(trace, id=id_) for trace, id_ in zip(traces, ids, strict=False)]


def test_a_run_measures_baselines_arms_and_what_people_wrote(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "written.jsonl"
    write_traces(file, held_out(SESSIONS))
    source = ArmSource.parse(f"tuned={folder}")
    results = Memory()
    found = experiment(source, written=(file,)).run(results, lambda *_: None)
    assert {row for part in found for row in part.rows} == {
        "renderer/unchanged/prompt",
        "renderer/random-phrase/prompt",
        "renderer/modifier-list/prompt",
        "renderer/tuned/prompt",
        "renderer/tuned/path",
        "written/tuned/prompt",
        "written/tuned/path",
        "written/tuned/shuffled",
        "written-captions/tuned/prompt",
    }
    count = results.measured_count
    experiment(source, written=(file,)).run(results, lambda *_: None)
    assert results.measured_count == count


def test_files_that_would_share_their_rows_are_refused(tmp_path: Path) -> None:
    options = {
        "context": [], "pictures": "renderer", "n": 0, "report": tmp_path / "report",
        "written": [tmp_path / "a.train.jsonl", tmp_path / "b" / "a.jsonl"],
    }  # fmt: skip
    with pytest.raises(BadOption, match="begin with the same name"):
        evaluate(options, lambda *_: None)
    assert not (tmp_path / "report").exists()


def test_other_weights_under_the_same_name_are_refused(folder: Path) -> None:
    results = Memory()
    source = ArmSource.parse(f"tuned={folder}")
    results.measured("weights", "tuned", lambda: {"digest": "of another model"})
    with pytest.raises(OtherModel):
        experiment(source, n=0).run(results, lambda *_: None)


@pytest.mark.parametrize("text", ["tuned", "=there", "tuned=/no/such/folder", "tuned={}+/none"])
def test_arms_that_are_not_there_are_refused(folder: Path, text: str) -> None:
    with pytest.raises(NoArm):
        ArmSource.parse(text.format(folder))


def test_models_are_asked_as_they_learnt(folder: Path) -> None:
    (source,) = ArmSource.parse(f"a={folder}").arms()
    assert isinstance(source, TraceLinesArm)
    source.language.model.config.suggest_lines = None
    zero, few = arms_of("a", source.language)
    assert isinstance(zero, ChatArm)
    assert isinstance(few, ChatArm)
    assert (zero.shots, few.shots) == (0, 3)
    edits = [item.edit for item in trace_items(2, 1)]
    assert zero.propose(edits, "path") == [None, None]  # random weights answer no JSON
    source.language.model.config.line_format = LINE_FORMAT
    (world,) = arms_of("a", source.language)
    assert isinstance(world, StorybookArm)
    assert world.propose(edits, "path") == [None, None]


def test_what_each_context_shows() -> None:
    edit = trace_items(2, 1)[0].edit
    assert context_for(edit, "prompt").path == ()
    assert context_for(edit, "prompt").caption == edit.now.prompt
    assert [step.instruction for step in context_for(edit, "path").done] == list(edit.done)
    assert context_for(edit, "caption").caption == edit.now.caption
