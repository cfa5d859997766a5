"""What `edit`, `explore` and `generate` write: pictures, contact sheet and `result.json`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.cli.edit_driver import CliEditDriver
from app.cli.event_stream import Streamed
from app.cli.output import ProgressBar
from app.cli.sheet import THUMBNAIL, Card, write_sheet
from editor.formats import OpenedImage, SaveOptions, save_image, thumbnail
from editor.messages import Message
from editor.model.edit import EditRequest, Instruction
from editor.model.image import Image
from editor.model.ranking import Ranked, Ranking
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.rank import rank
from editor.ranking.reasons import why_not_by_clip
from inference.request.analysis import Question
from inference.request.captions import RECONSTRUCTION_PSNR
from inference.request.jobs import Prepared
from inference.workflow.edit_run import RankingMade
from inference.workflow.memory_ladder import WORK_SIDE

PNG_EFFORT = 2
"""Half the time of the usual effort for a tenth more bytes."""


@dataclass(frozen=True)
class SavedPicture:
    """A candidate rendered at full size and saved."""

    file: Path
    size: tuple[int, int]
    outside: float | None
    thumbnail: NDArray[np.uint8]


def rendered_candidates(
    driver: CliEditDriver,
    source: Image,
    selection: Selection | None,
    folder: Path,
    bar: ProgressBar,
) -> Iterator[tuple[str, SavedPicture]]:
    """Render and save one after another, each in bands."""
    candidates = driver.made.candidates
    for number, candidate in enumerate(candidates):
        bar.show("writing", number / len(candidates))
        result = Streamed(source, candidate.patch, selection, THUMBNAIL)
        file = folder / f"{candidate.key}.png"
        save_image(result.image, file, options=SaveOptions(effort=PNG_EFFORT))
        size = (result.image.width, result.image.height)
        made = SavedPicture(file, size, result.outside, result.thumbnail())
        result.close()
        yield candidate.key, made


def ranked_entries(
    driver: CliEditDriver,
    source: Image,
    selection: Selection | None,
    folder: Path,
    bar: ProgressBar,
    *,
    unranked: bool,
) -> tuple[list[dict[str, Any]], dict[str, SavedPicture]]:
    """Render what was made into `folder`; the candidates as JSON values, best first."""
    rendered = dict(rendered_candidates(driver, source, selection, folder, bar))
    entries = []
    requests = {request.key: request for request in driver.run.requests}
    recorded = {c.key: dict(c.recorded) for c in driver.made.candidates}
    driver.step(RankingMade(_ranking(driver, rendered, unranked)))
    for place in driver.run.ranking.places:
        request = requests[place.key]
        made = rendered[place.key]
        name = f"{place.rank:02d}-{request.method}-{request.seed}.png"
        made.file.rename(folder / name)
        entries.append(_entry(place, request, made, name) | _back(recorded[place.key]))
    return entries, rendered


def _ranking(driver: CliEditDriver, rendered: dict[str, SavedPicture], unranked: bool) -> Ranking:
    """By score, with `outside` measured on every pixel; in request order without scores."""
    scores = [
        replace(driver.run.scores.get(c.key, Score(c.key)), outside=rendered[c.key].outside)
        for c in driver.made.candidates
    ]
    if unranked:
        return Ranking(tuple(Ranked(s.key, i, True, "", s) for i, s in enumerate(scores, 1)))
    words = {request.instruction for request in driver.run.requests}
    return rank(scores, same_words=len(words) == 1)


def _entry(place: Ranked, request: EditRequest, made: SavedPicture, name: str) -> dict[str, Any]:
    score = place.score or Score(place.key)
    return {
        "rank": place.rank,
        "file": name,
        "method": request.method,
        "key": place.key,
        "seed": request.seed,
        "settings": {k: list(v) if isinstance(v, tuple) else v for k, v in request.settings},
        **models_of(request),
        "size": list(made.size),
        "passed": place.passed,
        "reason": place.reason,
        "scores": {**score.figures(), **dict(score.extra)},
    }


def _back(recorded: Mapping[str, Any]) -> dict[str, float]:
    """How near the picture came back in dB, and how much smaller it was drawn; where known."""
    return {name: recorded[name] for name in (RECONSTRUCTION_PSNR, WORK_SIDE) if name in recorded}


def models_of(request: EditRequest) -> dict[str, Any]:
    """Which models served; nothing for what needs none."""
    return {"models": [model.to_json() for model in request.models]} if request.models else {}


def write_cards(
    folder: Path,
    source: Image,
    title: str,
    entries: list[dict[str, Any]],
    rendered: dict[str, SavedPicture],
    words: Mapping[str, str],
    *,
    ranked: bool = True,
) -> None:
    """The contact sheet beside the candidates."""
    cards = [
        Card(
            rendered[e["key"]].thumbnail,
            e["rank"],
            e["passed"],
            words[e["key"]],
            e["reason"],
            ranked,
        )
        for e in entries
    ]
    write_sheet(folder / "sheet.png", thumbnail(source, THUMBNAIL), title, cards)


def result_of(
    file: Path,
    opened: OpenedImage,
    found: Prepared,
    question: Question | None,
    entries: list[dict[str, Any]],
    seconds: dict[str, float],
    scores: Iterable[Score],
    memory_notes: Sequence[Message] = (),
) -> dict[str, Any]:
    """What `edit` and `explore` print with --json (`resources/schemas`).

    Args:
        file: the picture as it was named.
        opened: the picture.
        found: what was found out about the words.
        question: what was asked about them.
        entries: the candidates, best first.
        seconds: what each step took.
        scores: of the candidates.
        memory_notes: what was done because memory was short.
    """
    source = opened.image
    notes = (
        *opened.notes, found.warning, found.unread, *found.skipped, why_not_by_clip(scores),
        *memory_notes,
    )  # fmt: skip
    warnings = [str(warning) for warning in notes if warning]
    return {
        "source": {
            "file": str(file),
            "width": source.width,
            "height": source.height,
            "depth": source.depth,
            "pixel_digest": source.pixel_digest,
        },
        "instruction": instruction_values(found.instruction),
        "caption": found.caption,
        "domain": found.domain and {"fits": found.domain.fits, "score": found.domain.score},
        "question": question and {"text": str(question.text), "answers": list(question.answers)},
        "warning": " ".join(warnings) or None,
        "candidates": entries,
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
    }


def instruction_values(instruction: Instruction) -> dict[str, str]:
    """An instruction as JSON values."""
    return {
        "text": instruction.text,
        "source_prompt": instruction.source_prompt,
        "target_prompt": instruction.target_prompt,
    }
