"""Everything that was shown, by the job that made it: in memory and as rows to be written."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from editor.model.edit import Candidate
from editor.model.ranking import Ranking
from editor.model.score import Score
from editor.model.selection import Selection
from editor.storage import rows, values


@dataclass(frozen=True, eq=False)
class StoredJob:
    """Everything a window needs to show the results of one job again.

    Attributes:
        job: its id.
        parent: id of the node it started from.
        candidates: in the order they were shown first.
        scores: the newest score of each candidate that has one.
        ranking: the newest, or None while there was none.
        selection: where the edit acted, None for everywhere.
        time: when the first candidate was shown, seconds since 1970.
    """

    job: str
    parent: str
    candidates: tuple[Candidate, ...] = ()
    scores: tuple[Score, ...] = ()
    ranking: Ranking | None = None
    selection: Selection | None = None
    time: float = 0.0


class StoredJobs:
    """The jobs of a document. Each change returns the function that writes it."""

    def __init__(self, jobs: Mapping[str, StoredJob]) -> None:
        self._jobs = dict(jobs)

    def of(self, node_id: str) -> tuple[StoredJob, ...]:
        """Every job that started from a node, oldest first."""
        found = [job for job in list(self._jobs.values()) if job.parent == node_id]
        return tuple(sorted(found, key=lambda job: job.time))

    def add(
        self,
        job: str,
        parent: str,
        candidate: Candidate,
        selection: Selection | None,
        score: Score | None,
    ) -> Callable[[sqlite3.Connection], None]:
        """One more candidate of a job."""
        now = time.time()
        values.plain_id(job)
        known = self._jobs.get(job) or StoredJob(job, parent, selection=selection, time=now)
        place = len(known.candidates)
        text = None if score is None else values.dump(values.dump_score(score))
        known = replace(known, candidates=(*known.candidates, candidate))
        self._jobs[job] = _scored(known, () if score is None else (score,))

        def write(connection: sqlite3.Connection) -> None:
            rows.put_job(connection, job, parent, selection, now)
            rows.put_result(connection, job, place, candidate, now)
            if text is not None:
                rows.put_score(connection, job, text)

        return write

    def rank(
        self, job: str, ranking: Ranking, scores: Iterable[Score]
    ) -> Callable[[sqlite3.Connection], None]:
        """The order of a job's candidates, and scores that came since."""
        scores = tuple(scores)
        order = values.dump_ranking(ranking)
        texts = [values.dump(values.dump_score(score)) for score in scores]
        self._jobs[job] = replace(_scored(self._jobs[job], scores), ranking=ranking)

        def write(connection: sqlite3.Connection) -> None:
            for text in texts:
                rows.put_score(connection, job, text)
            rows.put_ranking(connection, job, order)

        return write


def _scored(job: StoredJob, scores: Iterable[Score]) -> StoredJob:
    known = {score.key: score for score in job.scores}
    known.update({score.key: score for score in scores})
    return replace(job, scores=tuple(known.values()))
