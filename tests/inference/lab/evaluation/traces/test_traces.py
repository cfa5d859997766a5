"""The experiment with arms whose answers are known: what is measured, compared and kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest
from numpy.typing import NDArray

from editor.messages import verbatim
from editor.model.image import Pixels
from editor.model.trace import Trace, TraceStep
from inference.lab.evaluation.traces.comparison import (
    compare_baselines,
    compare_simulated,
    compare_written,
)
from inference.lab.evaluation.traces.paired import paired_difference
from inference.lab.evaluation.traces.real_text import measure_text, overlap, text_items
from inference.lab.evaluation.traces.simulated import TraceMeasures, TraceValues
from inference.lab.evaluation.traces.trace_items import TraceItem, trace_items
from inference.lab.evaluation.traces.trace_pictures import Renderer, scene_after
from inference.lab.finetune.suggest_examples import ContextKind, NextEdit
from inference.language.proposals import Proposal


@dataclass
class Memory:
    """Results in memory that count what was measured."""

    found: dict[tuple[str, str], TraceValues] = field(default_factory=dict)
    measured_count: int = 0

    def get(self, row: str, item: str) -> TraceValues | None:
        return self.found.get((row, item))

    def measured(self, row: str, item: str, measure: Callable[[], TraceValues]) -> TraceValues:
        if (row, item) not in self.found:
            self.measured_count += 1
            self.found[row, item] = measure()
        return self.found[row, item]


@dataclass
class Oracle:
    """Knows the next edit where it sees the artist's own path, else says nothing useful."""

    own: dict[tuple[str, tuple[str, ...]], NextEdit]
    name: str = "oracle"
    asked: list[ContextKind] = field(default_factory=list)

    def propose(self, edits: Sequence[NextEdit], context: ContextKind) -> list[Proposal | None]:
        self.asked.append(context)
        answers: list[Proposal | None] = []
        for edit in edits:
            known = self.own.get((edit.now.prompt, edit.done)) if context != "prompt" else None
            if known is None:
                answers.append(None)
            else:
                then = known.then
                answers.append(Proposal(then.instruction, then.prompt, verbatim("")))
        return answers


def embed(pictures: Pixels) -> NDArray[np.float64]:
    """Downsampled pixels about their mean, of unit length."""
    small = pictures[:, ::8, ::8].reshape(len(pictures), -1).astype(float)
    small -= 128.0
    found: NDArray[np.float64] = small / np.linalg.norm(small, axis=1, keepdims=True)
    return found


@pytest.fixture(scope="module")
def items() -> list[TraceItem]:
    return trace_items(10, 5)


@pytest.fixture(scope="module")
def oracle(items: list[TraceItem]) -> Oracle:
    return Oracle({(i.edit.now.prompt, i.edit.done): i.edit for i in items})


def test_places_are_after_the_first_edit_and_the_same_every_time(items: list[TraceItem]) -> None:
    for item in items:
        assert 1 <= item.done < len(item.trace.edits)
        assert item.edit.now.prompt == item.trace.trace.kept[item.done].prompt
        assert len(item.edit.done) == item.done
        assert item.other.now == item.edit.now
        assert item.other.done != item.edit.done
        assert item.shown_in("shuffled") == (item.other, "caption")
        assert item.shown_in("path") == (item.edit, "path")
    assert trace_items(10, 5) == items
    assert {item.done for item in trace_items(4, 5, first=True)} == {0}
    assert trace_items(4, 5, memoryless=True)[0] != items[0]


def test_an_instruction_without_a_prompt_after_it_leaves_the_prompt(items: list[TraceItem]) -> None:
    measures = TraceMeasures(Renderer(), embed)
    silent = measures.measure(Proposal("make it red", "", verbatim("")), items[0])
    assert silent == measures.measure(None, items[0])
    assert (silent["valid"], silent["kind"]) == (0.0, "none")


def test_the_oracle_gains_by_the_path_and_loses_by_anothers(
    items: list[TraceItem], oracle: Oracle
) -> None:
    results = Memory()
    measures = TraceMeasures(Renderer(), embed)
    base = compare_baselines(items, measures, results)
    found = compare_simulated([oracle], items, measures, results)
    rows = {**base.rows, **found.rows}
    figures = {row: {f.name: f for f in figures} for row, figures in rows.items()}
    assert set(oracle.asked) == {"prompt", "path", "caption"}
    unchanged = figures["renderer/unchanged/prompt"]
    assert unchanged["remaining"].mean >= 100  # where it is, or an equal picture before it
    assert unchanged["lift"].mean == pytest.approx(0, abs=1e-9)
    assert unchanged["valid"].mean == 0
    for context in ("prompt", "shuffled"):
        assert figures[f"renderer/oracle/{context}"]["exact"].mean == 0
        assert (
            figures[f"renderer/oracle/{context}"]["remaining"].mean == unchanged["remaining"].mean
        )
    for context in ("path", "caption"):
        row = figures[f"renderer/oracle/{context}"]
        assert row["exact"].mean == row["same_type"].mean == row["valid"].mean == 1
        expected = np.mean([100 * (n - t - 1) / (n - t) for n, t in
                            ((len(i.trace.edits), i.done) for i in items)])  # fmt: skip
        assert row["remaining"].mean <= expected + 1e-9
        assert row["remaining"].mean + row["drop"].mean == pytest.approx(100)
    gain = found.differences["renderer/oracle/prompt-caption"]
    assert gain["mean"] > 0
    assert gain["p"] < 0.05
    assert found.differences["renderer/oracle/prompt-shuffled"]["p"] == 1
    assert sum(base.kinds["artists"].values()) == pytest.approx(1)
    assert base.kinds["renderer/unchanged/prompt"] == {"none": 1.0}
    slices = found.slices["renderer/oracle/caption"]
    counted = sum(f.n for name, f in slices.items() if name.startswith("wanted="))
    assert counted == len(items)
    assert set(found.report()) == {"rows", "kinds", "differences", "slices"}


def test_a_run_goes_on_from_what_was_measured(items: list[TraceItem], oracle: Oracle) -> None:
    measures = TraceMeasures(Renderer(), embed)
    half, results = Memory(), Memory()
    compare_simulated([oracle], items[:4], measures, half, contexts=("path",))
    whole = compare_simulated([oracle], items[:8], measures, results, contexts=("path",))
    resumed = Memory(dict(half.found))
    again = compare_simulated([oracle], items[:8], measures, resumed, contexts=("path",))
    assert again.report() == whole.report()
    assert resumed.measured_count == 4


def test_what_a_prompt_shows(items: list[TraceItem]) -> None:
    scene = items[0].trace.scenes[0].with_(second="none", ground="bare", subject="house")
    night = scene_after("a pink house with a fence, at night, zeppelins", scene)
    assert (night.colour, night.ground, night.light) == ("pink", "fence", "night")
    assert (night.weather, night.style) == (scene.weather, scene.style)
    assert scene_after("something else", scene) == scene


def test_paired_differences() -> None:
    found = paired_difference([3.0, 4.0, 5.0, 4.0] * 5, [1.0, 2.0, 3.0, 3.0] * 5)
    assert found.mean == pytest.approx(1.75)
    assert found.low < 1.75 < found.high
    assert found.p < 0.001
    assert paired_difference([1.0, 2.0], [1.0, 2.0]).p == 1.0
    noise = np.random.default_rng(0).normal(size=60).tolist()
    assert paired_difference(noise, [0.0] * 60).p > 0.05
    with pytest.raises(ValueError, match="same places"):
        paired_difference([1.0], [1.0, 2.0])


SESSIONS = [
    Trace("1", (TraceStep(), TraceStep("", "add a dog"), TraceStep("", "remove it"))),
    Trace("2", (TraceStep("a lake"), TraceStep("a lake, a boat", "add a boat"))),
]  # fmt: skip


def test_places_of_written_traces() -> None:
    assert [item.name for item in text_items(SESSIONS)] == ["1-0", "1-1", "2-0"]
    (second,) = text_items(SESSIONS, least=1)
    assert second.edit.done == ("add a dog",)
    assert text_items(SESSIONS)[1].shown_in("shuffled")[0].done == ()
    assert len(text_items(SESSIONS, most=2)) == 2


def test_the_shuffled_path_is_of_another_trace_and_never_holds_the_answer() -> None:
    asked = [[f"do {n}{k}" for k in range(4)] for n in range(3)]
    traces = [
        Trace(str(n), (TraceStep(), *(TraceStep("", text) for text in texts)))
        for n, texts in enumerate(asked)
    ]
    items = text_items(traces, least=1)
    assert len(items) == 9
    for number, item in enumerate(items):
        path = item.shown_in("shuffled")[0].done
        assert len(path) == len(item.edit.done)
        assert not set(path) & set(asked[number // 3])
    alone = text_items(traces[:1], least=1)
    assert [item.other.done for item in alone] == [()] * 3


def test_matches_of_written_instructions() -> None:
    item = text_items(SESSIONS)[2].edit

    def of(text: str, target: str = "") -> TraceValues:
        return measure_text(Proposal(text, target, verbatim("")), item)

    right = of("Add a boat.", "a lake, a boat")
    assert (right["exact"], right["same_type"], right["soft"], right["valid"]) == (1, 1, 1, 1)
    assert (right["caption_exact"], right["caption_type"], right["caption_soft"]) == (1, 1, 1)
    near = of("add two boats there", "a lake, two boats")
    assert (near["exact"], near["same_type"]) == (0, 1)
    assert 0 < near["soft"] < 1
    assert of("remove the lake")["same_type"] == 0
    nothing = measure_text(None, item)
    assert (nothing["valid"], nothing["same_type"], nothing["soft"]) == (0, 0, 0)
    assert "caption_type" not in measure_text(None, text_items(SESSIONS)[0].edit)


def test_overlap_of_words() -> None:
    assert overlap("add the red boats", "a red boat") == pytest.approx(2 * 2 / 5)
    assert overlap("", "a boat") == overlap("the", "a") == 0
    assert overlap("snow", "snow snow") == pytest.approx(2 / 3)


def test_written_traces_are_compared(oracle: Oracle) -> None:
    items = text_items(SESSIONS)
    knows = Oracle({(i.edit.now.prompt, i.edit.done): i.edit for i in items}, "knows")
    found = compare_written([knows], "text", items, ("prompt", "path"), Memory())
    figures = {row: {f.name: f.mean for f in rows} for row, rows in found.rows.items()}
    assert figures["text/knows/path"]["exact"] == 1
    assert figures["text/knows/prompt"]["exact"] == 0
    assert found.differences["text/knows/path-prompt"]["mean"] == 1
    assert found.kinds["text/people"] == {
        "add": pytest.approx(2 / 3),
        "remove": pytest.approx(1 / 3),
    }
