"""A scripted engine in this process, whose models are made up, and the real child process."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from editor.errors import ExpectedError
from editor.messages import Message, verbatim
from editor.model.edit import Candidate, EditRequest, Instruction, Suggestion
from editor.model.image import Image
from editor.model.patch import Patch, Placement
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.content_integrity import WantedContent, content_integrity
from editor.ranking.prompt_order import RankedPrompt
from inference.models.store import ModelStore
from inference.request import jobs
from inference.request.analysis import Domain, Question, Variant
from inference.request.cancel import CancelToken
from inference.request.rewrite_job import RewrittenPrompt
from inference.workflow.engine import Engine
from inference.workflow.make_candidates import CandidateMaker
from inference.workflow.plan import RequestPlan, announced
from inference.workflow.preparation import Preparation
from inference.workflow.prepare import prepare
from tests.characterisation.window.desk import Desk

SCENES = {
    "make it night": ("at noon", "at night"),
    "let it snow": ("cloudy sky", "falling snow"),
    "paint the house blue": ("red house", "blue house"),
    "remove the fence": (" and a fence", ""),
    "make it winter": ("summer", "winter"),
    "as a watercolour": ("flat illustration", "watercolour"),
    "see it from afar": ("seen close", "seen from afar"),
    "turn the house into a swan": ("house", "swan"),
}
"""Instructions that the made-up models know: what they change in the caption."""

WEAK = ("turn the house into a swan",)  # those whose results reach nobody's bar

ASKED = "paint the boat blue"  # the one that is asked about

FOREIGN_WORDS = "make it foggy"
"""The one that comes with the warning that the models do not know such pictures."""

WARNING = (
    "The models at hand know only the storybook world, and this picture is not of it: expect "
    "little of them here. Tone and colour works on any picture; a model made from photographs "
    "would edit this one."
)
KINDS: dict[str, tuple[type[Any], ...]] = {
    "read": (jobs.Planned, jobs.QuestionAsked),
    "explored": (jobs.Planned,),
    "progress": (jobs.Progress,),
    "preview": (jobs.Preview,),
    "result": (jobs.CandidateReady,),
    "score": (jobs.ScoreReady,),
    "suggestions": (jobs.SuggestionsReady,),
    "end": (jobs.JobFinished,),
}
ENDS = (jobs.JobFinished, jobs.JobCancelled, jobs.JobFailed)
MODEL = "instruct_pix2pix"


class InProcess(Desk):
    """Runs one job after another, the most urgent first, an event at a time."""

    def __init__(self, models: Sequence[Path] = ()) -> None:
        super().__init__()
        del models  # what they would do is made up
        self._engine = Engine(ModelStore(()))
        self._queue: list[Any] = []
        self._events: deque[Any] = deque()
        self._running = ""
        self._cancelled: deque[Any] = deque()
        self._held = False
        self._upto: tuple[type[Any], ...] | None = None

    def submit(self, job: Any) -> None:
        self._queue.append(job)

    def cancel(self, job_id: str) -> None:
        if job_id == self._running:
            self._events.clear()
            self._running = ""
        elif job_id in {job.id for job in self._queue}:
            self._queue = [job for job in self._queue if job.id != job_id]
        else:
            return
        self._cancelled.append(jobs.JobCancelled(job_id))

    def turn(self) -> bool:
        if self._cancelled:
            self.tell(self._cancelled.popleft())
            return True
        if self._held and self._upto is None:
            return False
        if not self._events and not self._begin():
            return False
        event = self._events.popleft()
        if not self._events:
            self._running = ""
        if self._upto is not None and isinstance(event, self._upto):
            self._upto = None
        self.tell(event)
        return True

    def _begin(self) -> bool:
        if not self._queue:
            return False
        job = min(self._queue, key=lambda one: one.priority)
        self._queue.remove(job)
        self._running = job.id
        self._events = deque(events_of(job, self._run))
        return True

    def _run(self, job: Any) -> list[Any]:
        found: list[Any] = []
        self._engine.run(job, found.append, CancelToken())
        return found

    # --- what a step says -----------------------------------------------------------------------

    def hold(self) -> None:
        """Nothing goes on until it is told to."""
        self._held = True

    def go(self) -> None:
        """Everything goes on."""
        self._held, self._upto = False, None

    def go_to(self, kind: str) -> None:
        """As far as the next event of a kind, that one included, and no further."""
        self._held, self._upto = True, KINDS[kind]

    def fail(self, kind: str, message: str, fix: str, details: str) -> None:
        """The job under way, or the next, ends badly."""
        self._fail(kind, verbatim(message), verbatim(fix) if fix else None, details)

    def _fail(self, kind: str, message: Message, fix: Message | None, details: str) -> None:
        if not self._running:
            self._begin()
        self._events = deque([jobs.JobFailed(self._running, kind, message, fix, details)])
        self.go()

    def ready(self) -> None:
        """The child has started, or started again."""
        self.tell(jobs.EngineReady("CPU", "1", 1))

    def stop(self) -> None:
        """The child died and was started again."""
        self._fail("engine_stopped", jobs.ENGINE_STOPPED, jobs.ENGINE_STOPPED_FIX, "killed")
        self._events.append(jobs.EngineReady("CPU", "1", 2))

    def give_up(self) -> None:
        """No child can be started."""
        self.failed.emit(ExpectedError("The image engine does not start.", ""))


class RealEngine:
    """The engine's thread with its child, for several sessions one after another."""

    def __init__(self, thread: Any) -> None:
        self.thread = thread
        self.ready: jobs.EngineReady | None = None
        thread.job_event.connect(self._on_event)
        thread.start()

    def _on_event(self, event: Any) -> None:
        if isinstance(event, jobs.EngineReady):
            self.ready = event

    def desk(self) -> RealDesk:
        """The engine as one session sees it."""
        return RealDesk(self)

    def close(self) -> None:
        self.thread.close()


class RealDesk(Desk):
    """Hands jobs to the real engine and counts those that have not ended."""

    def __init__(self, engine: RealEngine) -> None:
        super().__init__()
        self._engine = engine
        self._open: dict[str, str] = {}
        self._began = False
        engine.thread.job_event.connect(self._on_event)

    @property
    def is_busy(self) -> bool:
        return bool(self._open)

    @property
    def under_way(self) -> list[str]:
        return [f"{kind} {job}" for job, kind in self._open.items()]

    @property
    def pid(self) -> int:
        """The child's process id."""
        assert self._engine.ready is not None
        return self._engine.ready.pid

    @property
    def is_at_child(self) -> bool:
        """Whether the child has a job; one that still waits here would outlive the child."""
        client: Any = self._engine.thread._client
        return client is not None and client._running is not None

    def submit(self, job: Any) -> None:
        self._open[job.id] = type(job).__name__
        self._engine.thread.submit(job)

    def cancel(self, job_id: str) -> None:
        self._engine.thread.cancel(job_id)

    def turn(self) -> bool:
        if not self._began and self._engine.ready is not None:
            self._began = True
            self.tell(self._engine.ready)  # the child is older than this session
            return True
        return False

    def close(self) -> None:
        self._engine.thread.job_event.disconnect(self._on_event)

    def _on_event(self, event: Any) -> None:
        if isinstance(event, ENDS):
            self._open.pop(event.job_id, None)
        self.tell(event)


# --- what models would say ------------------------------------------------------------------------


def events_of(job: Any, run: Callable[[Any], list[Any]]) -> Iterator[Any]:
    """All events of a job; `run` is the real engine without a model."""
    if isinstance(job, jobs.SuggestJob):
        yield _suggestions(job)
        yield jobs.JobFinished(job.id, 0.1)
    elif isinstance(job, jobs.RewriteJob | jobs.ConceptJob):
        yield from _written(job) or run(job)
    else:
        found = [_found(job, instruction) for instruction in job.instructions]
        if any(found):
            yield from _edited(job, found)
        else:
            yield from run(job)


def _written(job: jobs.RewriteJob | jobs.ConceptJob) -> list[Any]:
    """What a made-up language model writes; nothing about words it does not know."""
    end = jobs.JobFinished(job.id, 0.1)
    if isinstance(job, jobs.ConceptJob):
        return [
            *(
                jobs.ConceptPromptsReady(job.id, one, (RankedPrompt(f"{one}, soft light", 1.0, 1),))
                for one in job.concepts
            ),
            end,
        ]
    if job.instruction not in SCENES:
        return []
    caption = job.caption or "a red house, in a meadow, at noon, cloudy sky, summer"
    plain = caption.replace(*SCENES[job.instruction], 1)
    wanted = WantedContent.of(caption, plain, job.instruction)
    prompts = (plain, f"{plain}, soft light", "a house by the sea")
    options = tuple(RewrittenPrompt(one, content_integrity(one, wanted)) for one in prompts)
    return [
        jobs.RewriteText(job.id, tuple(one[:9] for one in prompts)),
        jobs.RewriteReady(job.id, caption, plain, options, (MODEL,)),
        end,
    ]


def _suggestions(job: jobs.SuggestJob) -> jobs.SuggestionsReady:
    caption = job.caption or "a red house, in a meadow, at noon, cloudy sky, summer"
    known = [(text, *change) for text, change in SCENES.items() if text not in WEAK]
    turned = known[2 * job.seed :] + known[: 2 * job.seed]
    made = [
        Suggestion.of(
            text, caption, caption.replace(old, new, 1), f"The caption mentions “{old.strip()}”"
        )
        for text, old, new in turned
        if old in caption and text not in {refused.lower() for refused in job.refused}
    ][: job.count]
    return jobs.SuggestionsReady(job.id, caption, tuple(made), domain=Domain(True, 0.9))


def _found(job: jobs.EditJob, instruction: Instruction) -> Preparation | None:
    """What made-up models find out about words; None for those they leave to tone and colour."""
    text = instruction.text[:1].lower() + instruction.text[1:]  # of a chip it is a capital
    if job.methods == ("generate",):
        words = {"generate": (Variant((), verbatim(instruction.text)),)}
        return Preparation(instruction, job.methods, words)
    if job.methods == ("adjust",) or text not in (*SCENES, ASKED, FOREIGN_WORDS):
        return None
    caption = instruction.source_prompt or "a red house, in a meadow, at noon, summer"
    words = {MODEL: (Variant((), verbatim(text)),)}
    old, new = SCENES.get(text, ("noon", "fog"))
    target = instruction.target_prompt or caption.replace(old, new, 1)
    whole = Instruction(instruction.text, caption, target)
    question = None
    if text == ASKED:
        others = tuple(
            Instruction(one, caption, caption.replace("red house", put, 1))
            for one, put in (("paint the house blue", "blue house"), (text, "red house and boat"))
        )
        told = "The caption names no boat. What is meant?"
        question = Question(verbatim(told), tuple(one.text for one in others), others)
    foreign = text == FOREIGN_WORDS
    return Preparation(
        whole, (MODEL,), words, caption=caption, question=question,
        domain=Domain(not foreign, 0.1 if foreign else 0.9),
        warning=verbatim(WARNING) if foreign else None,
    )  # fmt: skip


def _prepared(job: jobs.EditJob, instruction: Instruction) -> tuple[Preparation, ...]:
    """What the real engine finds out without a model; () where it cannot carry out the words."""
    try:
        return prepare(replace(job, instructions=(instruction,)), ModelStore(()), CancelToken())
    except ExpectedError:
        return ()


def _edited(job: jobs.EditJob, found: Sequence[Preparation | None]) -> Iterator[Any]:
    source, selection = job.source, job.selection
    assert isinstance(source, Image)
    assert selection is None or isinstance(selection, Selection)
    whole: list[Preparation] = []
    for instruction, known in zip(job.instructions, found, strict=True):
        whole += [known] if known is not None else _prepared(job, instruction)
    events, plan = announced(job, whole, source, selection)
    yield from events
    if plan is not None:
        tone = tuple(r for r in plan.requests if r.method == "adjust")
        drawn = [r for r in plan.requests if r.method != "adjust"]
        if tone:
            yield from _toned(job, replace(plan, requests=tone), source, selection)
        if drawn:
            yield from _painted(job, drawn, source)
    yield jobs.JobFinished(job.id, 0.2)


def _toned(
    job: jobs.EditJob, plan: RequestPlan, source: Image, selection: Selection | None
) -> list[Any]:
    maker, told, token = CandidateMaker(ModelStore(())), list[Any](), CancelToken()
    made = maker.make(job.id, plan, source, selection, told.append, token)
    if job.until is jobs.Until.SCORED:
        maker.score(job.id, plan, source, selection, made, told.append, token)
    return told


def _painted(job: jobs.EditJob, drawn: Sequence[EditRequest], source: Image) -> Iterator[Any]:
    yield jobs.Progress(job.id, "loading", 0, 1)
    for step in range(1, 4):
        yield jobs.Progress(job.id, "editing", step, 3, 2.0 if step == 3 else None)
        for number, request in enumerate(drawn):
            pixels = np.full((16, 16, 3), 60 * step + number, np.uint8)
            yield jobs.Preview(job.id, request.key, pixels)
    for number, request in enumerate(drawn):
        yield jobs.CandidateReady(job.id, _drawn(request, source, number))
    for number, request in enumerate(drawn if job.until is jobs.Until.SCORED else ()):
        far = 0.04 if request.instruction.text.lower() in WEAK else 0.36 - 0.03 * number
        yield jobs.ScoreReady(
            job.id,
            Score(
                request.key, direction=far, image=0.9, source=0.3, target=0.3, clipped=0.0,
                outside=None if job.selection is None else 0.0,
            ),
        )  # fmt: skip
        yield jobs.Progress(job.id, "scoring", number + 1, len(drawn))


def _drawn(request: EditRequest, source: Image, number: int) -> Candidate:
    pixels = source.array()[:, :, :3].astype(np.int16)
    pixels[:, :, 2] += 40 + 8 * number
    made = np.clip(pixels, 0, 255).astype(np.uint8)
    return Candidate(request, Patch((), made, Placement(source.bounds)))
