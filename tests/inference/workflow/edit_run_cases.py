"""Jobs, requests and events for the tests of `EditRun`; nothing here is real but the types."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from editor.messages import verbatim
from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import Patch
from editor.model.ranking import Ranking
from editor.model.score import Score
from editor.ranking.rank import rank
from inference.request import jobs
from inference.request.analysis import Question
from inference.request.edit_job import EditJob
from inference.workflow import edit_run
from inference.workflow.edit_run import EditCommand, EditRun, Input

PICTURE = Image.from_array(np.zeros((4, 4, 3), np.uint8))
WORDS = Instruction("paint the boat", "a house")
QUESTION = Question(
    verbatim("What is meant?"),
    ("paint the house", "paint the boat", "paint the sky"),
    (Instruction("paint the house", "a house"), WORDS),
)


def job(job_id: str = "j", **options: object) -> EditJob:
    return EditJob((WORDS,), PICTURE, id=job_id, **options)  # type: ignore[arg-type]


def requests(count: int, words: Instruction = WORDS) -> tuple[EditRequest, ...]:
    return tuple(
        EditRequest(PICTURE.pixel_digest, None, words, "adjust", 1, seed=seed)
        for seed in range(count)
    )


def prepared(job_id: str = "j", words: Instruction = WORDS) -> jobs.Prepared:
    return jobs.Prepared(job_id, words, ("adjust",), verbatim("Brighter"))


def planned(count: int, job_id: str = "j") -> jobs.Planned:
    return jobs.Planned(
        job_id, requests(count), {r.key: verbatim("Brighter") for r in requests(count)}
    )


def candidate(number: int, job_id: str = "j") -> jobs.CandidateReady:
    return jobs.CandidateReady(job_id, Candidate(requests(number + 1)[number], Patch()))


def score(number: int, job_id: str = "j") -> jobs.ScoreReady:
    return jobs.ScoreReady(job_id, Score(requests(number + 1)[number].key, asked=1.0 - number / 9))


def ranking(count: int) -> Ranking:
    return rank([score(number).score for number in range(count)])


@dataclass
class Drive:
    """An `EditRun` that is driven by hand, and the commands that came."""

    run: EditRun = field(default_factory=EditRun)
    commands: list[EditCommand] = field(default_factory=list)

    def step(self, *events: Input) -> Drive:
        for event in events:
            self.run, commands = self.run.step(event)
            self.commands += commands
        return self

    def of(self, kind: type) -> list[EditCommand]:
        """The commands of a kind."""
        return [command for command in self.commands if isinstance(command, kind)]

    @property
    def names(self) -> list[str]:
        """Commands by name; `Show` by what it shows."""
        return [
            type(c.event).__name__ if isinstance(c, edit_run.Show) else type(c).__name__
            for c in self.commands
        ]
