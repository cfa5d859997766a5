"""One edit from words to an accepted result, as a state machine.

Nothing here waits, draws, computes or knows the time: whoever drives an edit (the window, the
command line) passes in what happened and carries out the commands that come back::

    asked → prepared → planned → running → scored → ranked → done
               ↓ ↑                                     cancelled, failed: from every state before
            question                                   ranked
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from editor.messages import Message
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.ranking import Ranking
from editor.model.score import Score
from inference.request.analysis import Question
from inference.request.edit_events import Planned, Prepared, QuestionAsked
from inference.request.edit_job import EditJob, Until
from inference.request.jobs import (
    BUG,
    BUG_FIX,
    CandidateReady,
    Event,
    JobCancelled,
    JobFailed,
    JobFinished,
    MemoryNotice,
    Preview,
    Progress,
    ScoreReady,
)


class EditStage(enum.Enum):
    """Where an edit stands."""

    ASKED = "asked"
    PREPARED = "prepared"
    QUESTION = "question"
    PLANNED = "planned"
    RUNNING = "running"
    SCORED = "scored"
    RANKED = "ranked"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def is_live(self) -> bool:
        """True until there is a ranking, or an end without one."""
        return self not in _NOT_LIVE


_NOT_LIVE = (EditStage.RANKED, EditStage.DONE, EditStage.CANCELLED, EditStage.FAILED)
_BEFORE_PLAN = (EditStage.ASKED, EditStage.PREPARED)
_MAKING = (EditStage.PLANNED, EditStage.RUNNING)


@dataclass(frozen=True)
class Begin:
    """The picture is there, so the job can be submitted."""

    job: EditJob


@dataclass(frozen=True)
class AnswerQuestion:
    """The question was answered.

    Attributes:
        number: of the answer, 0 for the first.
        job_id: of the job that goes on with it.
    """

    number: int
    job_id: str


@dataclass(frozen=True)
class Cancel:
    """The artist wants no more of this edit."""


@dataclass(frozen=True)
class CannotRun:
    """No job can be run, so no event will come: no engine starts, or the picture is missing."""


@dataclass(frozen=True)
class RankingMade:
    """The candidates are in order."""

    ranking: Ranking


@dataclass(frozen=True)
class Accept:
    """The artist keeps a candidate."""

    key: str


Input = Event | Begin | AnswerQuestion | Cancel | CannotRun | RankingMade | Accept
"""All that can happen to an edit."""


@dataclass(frozen=True)
class SubmitJob:
    """Give the job to the engine."""

    job: EditJob


@dataclass(frozen=True)
class StopJob:
    """Cancel the job at the engine; its events are ignored from here on."""

    job_id: str


@dataclass(frozen=True)
class Rank:
    """Put the candidates in order and pass `RankingMade` in.

    Attributes:
        candidates: in the order of their requests.
        scores: of the same candidates; fewer, or none, where the job does not score.
    """

    candidates: tuple[Candidate, ...]
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class Show:
    """This happened and changes what is to be seen; late and foreign events never come here."""

    event: Input


EditCommand = SubmitJob | StopJob | Rank | Show
Stepped = tuple["EditRun", tuple[EditCommand, ...]]


@dataclass(frozen=True)
class EditRun:
    """One edit: its state, and what follows from each thing that happens. Immutable.

    Every input is allowed in every state; what does not belong there (late events of a job that
    was cancelled, a second answer, a candidate that was not planned) changes nothing.

    Attributes:
        id: that of the first job; results in window and document carry it. A job that goes on with
            an answer has an id of its own.
        stage: see `EditStage`.
        job: the job of the moment; None before `Begin`. Events of other jobs are ignored.
        prepared: what was found out, one for each instruction.
        question: what was asked, also once it is answered.
        requests: one for each candidate, once planned.
        sentences: what each request does, in words, by request key.
        candidates: those made so far, by request key.
        scores: those known so far, by request key.
        ranking: best first; empty before `RANKED`.
        accepted: key of the candidate that was kept, or "".
        failure: why the edit failed, None if the engine could not say.
        memory_notes: what was done because memory was short; each once.
    """

    id: str = ""
    stage: EditStage = EditStage.ASKED
    job: EditJob | None = None
    prepared: tuple[Prepared, ...] = ()
    question: Question | None = None
    requests: tuple[EditRequest, ...] = ()
    sentences: Mapping[str, Message | None] = field(default_factory=dict)
    candidates: Mapping[str, Candidate] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    ranking: Ranking = field(default_factory=Ranking)
    accepted: str = ""
    failure: JobFailed | None = None
    memory_notes: tuple[Message, ...] = ()

    @property
    def warning(self) -> Message | None:
        """What is to be said about the models and the picture, the first of all instructions."""
        return next((one.warning for one in self.prepared if one.warning), None)

    @property
    def unread(self) -> Message | None:
        """Which end of the words the model does not read, the first of all instructions."""
        return next((one.unread for one in self.prepared if one.unread), None)

    @property
    def skipped(self) -> tuple[Message, ...]:
        """Which models could not be used, and why; each once."""
        return tuple(dict.fromkeys(one for found in self.prepared for one in found.skipped))

    def step(self, event: Input) -> Stepped:
        """The state after something happened, and what is to be done about it. Pure."""
        match event:
            case Begin():
                return self._begin(event)
            case AnswerQuestion():
                return self._answer(event)
            case Cancel():
                return self._cancel(event)
            case CannotRun():
                return self._end(EditStage.FAILED, event) if self.stage.is_live else (self, ())
            case RankingMade():
                return self._ranked(event)
            case Accept():
                return self._accept(event)
        if self.job is None or event.job_id != self.job.id or not self.stage.is_live:
            return self, ()
        return self._heard(event)

    # --- the artist -------------------------------------------------------------------------------

    def _begin(self, event: Begin) -> Stepped:
        if self.stage is not EditStage.ASKED or self.job is not None:
            return self, ()
        return replace(self, id=event.job.id, job=event.job), (SubmitJob(event.job),)

    def _answer(self, event: AnswerQuestion) -> Stepped:
        question = self.question
        if self.stage is not EditStage.QUESTION or question is None or self.job is None:
            return self, ()
        if not 0 <= event.number < len(question.answers):
            return self, ()
        chosen = Instruction(question.answers[event.number])
        if event.number < len(question.instructions):
            chosen = question.instructions[event.number]
        held = self.prepared[-1].instruction
        if not chosen.target_prompt and chosen.text == held.text:
            chosen = held  # these words were read already
        job = replace(self.job, instructions=(chosen,), ask=False, id=event.job_id)
        run = replace(self, stage=EditStage.ASKED, job=job, prepared=())
        return run, (SubmitJob(job), Show(event))

    def _cancel(self, event: Cancel) -> Stepped:
        if not self.stage.is_live:
            return self, ()
        run, shown = self._end(EditStage.CANCELLED, event)
        ended = self.stage in (EditStage.QUESTION, EditStage.SCORED)
        if self.job is None or ended:  # nothing runs
            return run, shown
        return run, (StopJob(self.job.id), *shown)

    def _ranked(self, event: RankingMade) -> Stepped:
        if self.stage is not EditStage.SCORED:
            return self, ()
        return replace(self, stage=EditStage.RANKED, ranking=event.ranking), (Show(event),)

    def _accept(self, event: Accept) -> Stepped:
        # What was finished before a cancel or a failure can be kept too.
        if self.stage.is_live or self.accepted or event.key not in self.candidates:
            return self, ()
        return replace(self, stage=EditStage.DONE, accepted=event.key), (Show(event),)

    # --- the engine -------------------------------------------------------------------------------

    def _heard(self, event: Event) -> Stepped:
        """An event of the job of the moment."""
        match event:
            case Prepared() if self.stage in _BEFORE_PLAN:
                found = (*self.prepared, event)
                return replace(self, stage=EditStage.PREPARED, prepared=found), (Show(event),)
            case QuestionAsked() if self.stage is EditStage.PREPARED and self._may_ask:
                run = replace(self, stage=EditStage.QUESTION, question=event.question)
                return run, (Show(event),)
            case Planned() if self.stage is EditStage.PREPARED:
                run = replace(  # without requests nothing more will come
                    self,
                    stage=EditStage.PLANNED if event.requests else EditStage.DONE,
                    requests=event.requests,
                    sentences=event.sentences,
                )
                return run, (Show(event),)
            case MemoryNotice():
                notes = tuple(dict.fromkeys((*self.memory_notes, event.message)))
                return replace(self, memory_notes=notes), (Show(event),)
            case Progress() | Preview() | CandidateReady() | ScoreReady():
                return self._advanced(event)
            case JobFinished():
                return self._finished(event)
            case JobCancelled():
                return self._end(EditStage.CANCELLED, event)
            case JobFailed():
                return replace(self, failure=event)._end(EditStage.FAILED, event)
        return self, ()

    def _advanced(self, event: Progress | Preview | CandidateReady | ScoreReady) -> Stepped:
        """Candidates are under way."""
        if isinstance(event, Progress) and self.stage in _BEFORE_PLAN:
            return self, (Show(event),)
        if self.stage not in _MAKING:
            return self, ()
        run = replace(self, stage=EditStage.RUNNING)
        match event:
            case Preview() if event.key not in self._keys:
                return self, ()
            case CandidateReady():
                key = event.candidate.key
                if key not in self._keys or key in self.candidates:
                    return self, ()
                run = replace(run, candidates={**self.candidates, key: event.candidate})
            case ScoreReady():
                key = event.score.key
                if key not in self.candidates:
                    return self, ()
                run = replace(run, scores={**self.scores, key: event.score})
        return run, (Show(event),)

    def _finished(self, event: JobFinished) -> Stepped:
        """The job ran to its end: what that means depends on how far it was to go."""
        if self.stage is EditStage.QUESTION:  # the answer is a new job
            return self, ()
        if self.stage in _MAKING and self.candidates:
            made = tuple(self.candidates[key] for key in self._keys if key in self.candidates)
            scores = tuple(self.scores[key] for key in self._keys if key in self.scores)
            return replace(self, stage=EditStage.SCORED), (Rank(made, scores),)
        if self._may_end_empty:
            return self._end(EditStage.DONE, event)
        failure = JobFailed(event.job_id, "bug", BUG, BUG_FIX, f"ended while {self.stage.value}")
        return replace(self, failure=failure)._end(EditStage.FAILED, failure)

    @property
    def _may_ask(self) -> bool:
        return self.job is not None and self.job.ask

    @property
    def _may_end_empty(self) -> bool:
        """Whether the job may finish here without a candidate."""
        if self.stage is not EditStage.PREPARED or self.job is None:
            return False
        return self.job.until is Until.PREPARED or self.job.only is not None

    @property
    def _keys(self) -> tuple[str, ...]:
        return tuple(request.key for request in self.requests)

    def _end(self, stage: EditStage, event: Input) -> Stepped:
        return replace(self, stage=stage), (Show(event),)
