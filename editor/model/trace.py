"""How pictures came to be in words: paths of prompts and instructions."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace

from editor.model.edit import Candidate
from editor.model.history import History, HistoryNode
from editor.model.prompt_edit.prompt_edit import PromptEdit, prompt_edit
from editor.model.prompt_edit.prompt_tokens import key_of


@dataclass(frozen=True)
class TraceStep:
    """One step of a trace.

    Attributes:
        prompt: what the picture is to show after this step, in the artist's words; "" where only
            the instruction is known.
        instruction: what was asked for to come here; "" for the first step, and where only prompts
            were recorded.
        caption: what the picture shows, as a captioner or a person says it; "" where nobody did.
        accepted: False for what was offered or tried here and not kept.
        picture: file name or pixel digest of the picture after the step; "" where there is none.
        time: seconds since 1970, UTC; None where it was not recorded.
    """

    prompt: str = ""
    instruction: str = ""
    caption: str = ""
    accepted: bool = True
    picture: str = ""
    time: float | None = None


@dataclass(frozen=True)
class Trace:
    """The steps from one picture to another, oldest first.

    The kept steps are p₀…p_N of the work on editing prompts with GPT-k (arXiv 2305.11317): the
    first one is where the artist began, each further one is an edit.

    Attributes:
        id: unique within its source.
        steps: refused ones stand before the kept step that was chosen in their place.
        source: where the words come from, with their licence; "" for the artist's own.
    """

    id: str
    steps: tuple[TraceStep, ...]
    source: str = ""

    @property
    def kept(self) -> tuple[TraceStep, ...]:
        """The accepted steps."""
        return tuple(step for step in self.steps if step.accepted)

    @property
    def edit_count(self) -> int:
        """N: how many edits follow the first step."""
        return max(0, len(self.kept) - 1)

    @property
    def edits(self) -> tuple[PromptEdit | None, ...]:
        """The typed difference of each edit; None where a prompt is missing on either side."""
        return tuple(
            prompt_edit(before.prompt, after.prompt) if before.prompt and after.prompt else None
            for before, after in itertools.pairwise(self.kept)
        )

    def until(self, edit: int) -> Trace:
        """The part up to kept step number `edit`, without what was refused after it."""
        steps: list[TraceStep] = []
        passed = -1
        for step in self.steps:
            steps.append(step)
            passed += step.accepted
            if passed == edit:
                break
        return replace(self, steps=tuple(steps))


def trace_of(history: History, node_id: str) -> Trace:
    """The trace from the root of a history to a node.

    The first step is the picture that was opened: no instruction, and the caption that the first
    edit started from. Before each kept step stand the candidates of its job that asked for
    something else and were not taken.
    """
    nodes = [history.nodes[i] for i in history.path(node_id)]
    steps: list[TraceStep] = []
    for node in nodes:
        if not node.candidates:
            before = "" if steps else _caption_before(nodes[1:2])
            steps.append(_step(node, node.label if steps else "", before))
            continue
        taken = node.candidates[0].request.instruction
        others = {key_of(s.request.instruction.text): s.request.instruction for s in node.siblings}
        others.pop(key_of(taken.text), None)
        steps += [TraceStep(o.target_prompt, o.text, accepted=False) for o in others.values()]
        steps.append(_step(node, taken.text, taken.target_prompt))
    return Trace(node_id, tuple(steps))


def traces_of(history: History) -> tuple[Trace, ...]:
    """One trace for every leaf of a history, oldest first."""
    parents = {node.parent for node in history.nodes.values()}
    leaves = [node for node in history.nodes.values() if node.id not in parents]
    return tuple(trace_of(history, n.id) for n in sorted(leaves, key=lambda n: (n.time, n.id)))


def _step(node: HistoryNode, instruction: str, prompt: str) -> TraceStep:
    picture = node.picture.pixel_digest if node.picture is not None else ""
    return TraceStep(prompt, instruction, picture=picture, time=node.time)


def _caption_before(following: list[HistoryNode]) -> str:
    """The caption an opened picture had when its first edit on the path began."""
    candidates: tuple[Candidate, ...] = following[0].candidates if following else ()
    return candidates[0].request.instruction.source_prompt if candidates else ""
