from __future__ import annotations

from dataclasses import replace

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.history import History, HistoryNode
from editor.model.patch import Patch
from editor.model.trace import Trace, TraceStep, trace_of, traces_of
from inference.language.path import path_of_trace


def candidate(text: str, before: str, after: str) -> Candidate:
    request = EditRequest("0" * 32, None, Instruction(text, before, after), "adjust", 1)
    return Candidate(request, Patch())


def node(id_: str, parent: str | None, time: float, *made: Candidate) -> HistoryNode:
    return HistoryNode(id_, parent, None, "a label", time, made[:1], made)


def history() -> History:
    snow = candidate("let it snow", "a red house", "a red house, snow")
    night = candidate("make it night", "a red house", "a red house at night")
    blue = candidate("make it blue", "a red house at night", "a blue house at night")
    nodes = [
        node("root", None, 1.0),
        node("snow", "root", 2.0, snow, night),
        node("night", "root", 3.0, night),
        node("blue", "night", 4.0, blue),
    ]
    return History({n.id: n for n in nodes}, "blue")


def test_a_history_has_a_trace_for_every_leaf() -> None:
    traces = traces_of(history())
    assert [trace.id for trace in traces] == ["snow", "blue"]
    blue = traces[1]
    assert [step.prompt for step in blue.kept] == [
        "a red house", "a red house at night", "a blue house at night",
    ]  # fmt: skip
    assert [step.instruction for step in blue.kept] == ["", "make it night", "make it blue"]
    assert [edit and edit.kind for edit in blue.edits] == ["insert", "replace"]
    assert blue.edit_count == 2
    assert [step.time for step in blue.steps] == [1.0, 3.0, 4.0]


def test_what_was_not_taken_stands_before_what_was() -> None:
    steps = trace_of(history(), "snow").steps
    assert [(step.instruction, step.accepted) for step in steps] == [
        ("", True), ("make it night", False), ("let it snow", True),
    ]  # fmt: skip
    path = path_of_trace(trace_of(history(), "snow"))
    assert [(step.instruction, step.prompt, step.accepted) for step in path] == [
        ("", "a red house", True),
        ("make it night", "a red house at night", False),
        ("let it snow", "a red house, snow", True),
    ]


def test_an_edit_without_prompts_has_no_type() -> None:
    trace = Trace("t", (TraceStep("a cat"), TraceStep("", "add a hat"), TraceStep("a cat, a hat")))
    assert trace.edits == (None, None)


def test_the_part_up_to_an_edit() -> None:
    steps = (
        TraceStep("a"),
        TraceStep("b", accepted=False),
        TraceStep("c"),
        TraceStep("d", accepted=False),
        TraceStep("e"),
    )
    trace = Trace("t", steps)
    assert trace.until(0) == replace(trace, steps=steps[:1])
    assert trace.until(1) == replace(trace, steps=steps[:3])
    assert trace.until(2) == trace
