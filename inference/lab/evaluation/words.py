"""How often known words are refused and unknown ones guessed, through the program's own engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal

import cv2
import numpy as np

from editor.formats.load import open_image
from editor.model.edit import Instruction
from editor.model.image import Image
from inference.lab.evaluation.sentences import OUTSIDE, NoSentences, Part, SentenceCase
from inference.lab.evaluation.starter.figures import Findings
from inference.models.store import ModelStore
from inference.request import jobs
from inference.request.cancel import CancelToken
from inference.request.edit_job import EditJob, Until
from inference.request.registry import METHODS
from inference.starter.captions import parse_caption
from inference.workflow.engine import Engine

HeardAs = Literal["tone", "repaint", "asked", "refused"]

MOST_REFUSED: Final = 0.02
"""Known sentences that may be refused."""

MOST_GUESSED: Final = 0.05
"""Unknown sentences that may be carried out."""


@dataclass(frozen=True)
class Heard:
    """What the program did with a sentence, before any time was spent on pictures.

    Attributes:
        outcome: carried out by tone and colour or by repainting, asked about, or refused.
        said: why it was refused, what was asked, or the caption after the edit.
        after: attributes that the caption after the edit names otherwise than the one before.
    """

    sentence: SentenceCase
    outcome: HeardAs
    said: str
    after: dict[str, str]

    @property
    def carried_out(self) -> bool:
        """Whether something would be made of the sentence at once."""
        return self.outcome in ("tone", "repaint")

    @property
    def misread(self) -> bool:
        """Whether a known sentence would be carried out as something else than it asks for."""
        if not self.sentence.known or not self.carried_out:
            return False
        if self.outcome != self.sentence.group:
            return True
        return any(self.after.get(name) != value for name, value in self.sentence.after.items())


def hear(sentences: Sequence[SentenceCase], models: ModelStore) -> Iterator[Heard]:
    """Say every sentence to the engine, Auto, as far as the job that prepares an edit goes.

    Args:
        sentences: each about a sample or a picture outside the storybook.
        models: the installed models.
    """
    engine = Engine(models)
    pictures: dict[str, tuple[Image, str]] = {}
    for sentence in sentences:
        if sentence.picture not in pictures:
            picture = _picture(sentence.picture)
            pictures[sentence.picture] = picture, _caption(engine, picture)
        picture, caption = pictures[sentence.picture]
        yield _heard(sentence, engine, picture, caption)


def figures(heard: Sequence[Heard], part: Part) -> dict[str, Any]:
    """The shares of one part of the sentences, with their 95 % intervals.

    Returns:
        ``{"part", "rows", "refused_at_most", "guessed_at_most", "holds"}``; rows as in
        ``evaluate-starter.json``: ``refused`` of the known sentences, ``guessed`` of the unknown
        ones, both by group too, and ``misread`` of the known ones.

    Raises:
        NoSentences: the part has no known or no unknown sentence.
    """
    findings = Findings()
    for one in heard:
        if one.sentence.part != part:
            continue
        if one.sentence.known:
            for name in ("refused", f"refused.{one.sentence.group}"):
                findings.share(name, not one.carried_out)
            findings.share("misread", one.misread)
        else:
            for name in ("guessed", f"guessed.{one.sentence.group}"):
                findings.share(name, one.carried_out)
    rows = [row.report() for row in findings.rows()]
    shares = {row["name"]: row["metric"]["mean"] for row in rows}
    if not {"refused", "guessed"} <= set(shares):
        raise NoSentences(
            f"The part {part} needs sentences that are known and sentences that are not.",
            "See tests/data/README.md.",
        )
    return {
        "part": part,
        "rows": rows,
        "refused_at_most": MOST_REFUSED,
        "guessed_at_most": MOST_GUESSED,
        "holds": shares["refused"] <= MOST_REFUSED and shares["guessed"] <= MOST_GUESSED,
    }


def _heard(sentence: SentenceCase, engine: Engine, picture: Image, caption: str) -> Heard:
    words = Instruction(sentence.text, caption)
    prepared: jobs.Prepared | None = None
    for event in _run(engine, EditJob((words,), picture, until=Until.PREPARED)):
        match event:
            case jobs.JobFailed():
                if event.kind == "bug":
                    raise RuntimeError(event.details)
                return Heard(sentence, "refused", str(event.message), {})
            case jobs.QuestionAsked():
                return Heard(sentence, "asked", str(event.question.text), {})
            case jobs.Prepared():
                prepared = event
    assert prepared is not None
    if METHODS[prepared.methods[0]].parametric:
        return Heard(sentence, "tone", str(prepared.sentence), {})
    target = prepared.instruction.target_prompt
    before, after = parse_caption(caption), parse_caption(target)
    changed = {name: value for name, value in after.items() if before.get(name) != value}
    return Heard(sentence, "repaint", target, changed)


def _caption(engine: Engine, picture: Image) -> str:
    ready = [e for e in _run(engine, jobs.CaptionJob(picture)) if isinstance(e, jobs.CaptionReady)]
    known = ready and (ready[0].domain is None or ready[0].domain.fits)
    return ready[0].caption if known else ""


def _run(engine: Engine, job: Any) -> list[jobs.Event]:
    events: list[jobs.Event] = []
    emit: Callable[[jobs.Event], None] = events.append
    engine.run(job, emit, CancelToken())
    return events


def _picture(name: str) -> Image:
    """A sample, or soft light with texture and grain, which no storybook scene has."""
    if name != OUTSIDE:
        return open_image(Path(str(files("resources") / "samples" / name))).image
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:160, :160].astype(np.float32) / 160
    noise = rng.normal(0, 160, (160, 160, 3)).astype(np.float32)
    texture = cv2.GaussianBlur(noise, (0, 0), 3)
    light = (90 + 80 * x - 50 * y)[..., None] * np.array([1.0, 0.93, 0.84])
    pixels = light + texture + rng.normal(0, 6, (160, 160, 3))
    return Image.from_array(pixels.clip(0, 255).astype(np.uint8))
