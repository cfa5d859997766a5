from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.cli.event_stream import Streamed
from app.cli.inputs import model_store, opened_for
from app.cli.output import DONE, Failed, ProgressBar, UsageError, print_json, say
from app.cli.sheet import THUMBNAIL, Card, write_sheet
from app.cli.staging import RESULT, staged
from app.cli.table import ranked_table
from editor.formats import OpenedImage, SaveOptions, save_image, thumbnail
from editor.model.edit import Candidate, Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues, settings_of
from editor.model.ranking import Ranked, Ranking
from editor.model.score import Score
from editor.model.selection import Selection
from editor.ranking.rank import rank
from editor.render.heap import tune_heap
from inference.request.analysis import Question
from inference.request.cancel import CancelToken
from inference.request.jobs import (
    CandidateReady,
    EditJob,
    Event,
    ExploreReady,
    InstructionReady,
    Job,
    JobCancelled,
    JobFailed,
    PrepareJob,
    Progress,
    ScoreReady,
)
from inference.request.registry import check_settings, method, plan_requests
from inference.workflow.engine import Engine

MAX_COUNT = 64
PNG_EFFORT = 2
"""Half the time of the usual effort for a tenth more bytes."""


def add(commands: Any) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "edit",
        help="edit a picture by words",
        description="Edit a picture by words: candidates, ranked with reasons, into a folder.",
    )
    parser.add_argument("image", type=Path, metavar="IMAGE")
    parser.add_argument("instruction", metavar="INSTRUCTION", help="for example “warmer”")
    parser.add_argument("-o", dest="output", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--method", action="append", default=[], metavar="M", help="may be given again"
    )
    parser.add_argument("--count", type=int, default=4, metavar="N", help="candidates in all")
    parser.add_argument(
        "--selection", type=Path, metavar="MASK.png", help="white = where the edit may act"
    )
    parser.add_argument("--seed", type=int, default=0, metavar="N")
    parser.add_argument("--source-prompt", default="", metavar="T", help="caption before")
    parser.add_argument("--target-prompt", default="", metavar="T", help="caption after")
    parser.add_argument(
        "--set", action="append", default=[], metavar="NAME=VALUE", help="fix a setting"
    )
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder with models")
    parser.add_argument("--no-rank", action="store_true", help="do not score the candidates")
    parser.add_argument("--json", action="store_true", help="print result.json")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """The command; raises what `guarded` turns into exit codes."""
    began = time.monotonic()
    few_arenas()
    settings = _checked(args)
    bar = ProgressBar()
    try:
        with staged(args.output) as folder:
            result, words = edit(args, settings, folder, bar, began)
            text = json.dumps(result, indent=2, ensure_ascii=False, allow_nan=False)
            (folder / RESULT).write_text(text + "\n", "utf-8")
    finally:
        bar.clear()
    if args.json:
        print_json(result)
    else:
        say(ranked_table(result, words))
        say(f"In {args.output}")
    return DONE


def few_arenas() -> None:
    """Keep glibc from giving every thread a heap of its own, which holds on to what was freed.

    Measured on a 24-megapixel RGBA picture of 16 bits: peak 420 MB in place of 465, as fast.
    """
    tune_heap(arenas=2)


def _checked(args: argparse.Namespace) -> SettingValues:
    if not 1 <= args.count <= MAX_COUNT:
        raise UsageError(f"--count cannot be {args.count}.", f"Give it 1 to {MAX_COUNT}.")
    if not 0 <= args.seed < 2**63:
        raise UsageError(f"--seed cannot be {args.seed}.", "Give it 0 or a larger number.")
    methods = args.method or ["adjust"]
    values: dict[str, Any] = {}
    for pair in args.set:
        name, equals, text = pair.partition("=")
        if not equals:
            raise UsageError(f"--set {pair} has no value.", "Write it as name=value.")
        owners = [m for m in methods if any(s.name == name for s in method(m).settings)]
        values[name] = method(owners[0] if owners else methods[0]).setting(name).parse(text)
    for name in args.method:
        method(name)
    return check_settings(methods, settings_of(values))


@dataclass
class Run:
    """Runs jobs in this process and keeps what their events say."""

    engine: Engine
    bar: ProgressBar
    ready: InstructionReady | None = None
    explored: ExploreReady | None = None
    candidates: list[Candidate] = field(default_factory=list)
    scores: dict[str, Score] = field(default_factory=dict)
    made: float = 0.0
    """When the last candidate was there (`time.monotonic`); what follows in a job is scoring."""

    def __call__(self, job: Job) -> None:
        """Run one job to its end; raises what it failed with."""
        self.engine.run(job, self._take, CancelToken())

    def _take(self, event: Event) -> None:
        match event:
            case InstructionReady():
                self.ready = event
            case ExploreReady():
                self.explored = event
            case CandidateReady():
                self.candidates.append(event.candidate)
                self.made = time.monotonic()
            case ScoreReady():
                self.scores[event.score.key] = event.score
            case Progress():
                self.bar.show(event.stage, event.step / max(1, event.steps), event.seconds_left)
            case JobFailed():
                raise Failed(event.kind, event.message, event.fix, event.details, event.nearest)
            case JobCancelled():
                raise KeyboardInterrupt


def edit(
    args: argparse.Namespace, settings: SettingValues, folder: Path, bar: ProgressBar, began: float
) -> tuple[dict[str, Any], dict[str, str]]:
    """Edit into `folder`; the result as JSON values, and each candidate's words by key."""
    clock = Lap(began)
    opened, selection = opened_for(args)
    source = opened.image
    seconds = {"load": clock.lap()}

    engine = Engine(model_store(args.models))
    do = Run(engine, bar)
    asked = PrepareJob(
        Instruction(args.instruction, args.source_prompt, args.target_prompt),
        has_selection=selection is not None,
        methods=tuple(args.method),
        count=args.count,
        settings=settings,
        source=source,
    )
    ready, question = _prepared(do, asked, quiet=args.json)
    requests = plan_requests(
        ready,
        source_digest=source.pixel_digest,
        selection_digest=selection.digest if selection else None,
        methods=args.method,
        count=args.count,
        seed=args.seed,
        settings=settings,
    )
    seconds["prepare"] = clock.lap()
    do(EditJob.of(ready, requests, source, selection, score=not args.no_rank))
    seconds["edit"], scoring = clock.lap(do.made), clock.lap()
    entries, rendered = ranked_entries(do, source, selection, folder, bar, unranked=args.no_rank)
    seconds["edit"] += clock.lap()
    words = {c.key: str(ready.sentence_of(c.request) or "") for c in do.candidates}
    write_cards(folder, source, ready.instruction.text, entries, rendered, words)
    seconds["rank"] = scoring + clock.lap()
    seconds["total"] = time.monotonic() - began
    return result_of(args.image, opened, replace(ready, question=question), entries, seconds), words


def _prepared(
    do: Run, asked: PrepareJob, *, quiet: bool
) -> tuple[InstructionReady, Question | None]:
    """The complete instruction and what was asked about it: its first answer is gone on with."""
    do(asked)
    ready = do.ready
    assert ready is not None
    question = ready.question
    if question is not None and question.instructions:
        first = question.instructions[0]
        if first.target_prompt:
            ready = replace(ready, instruction=first)
        elif first.text != ready.instruction.text:
            do(replace(asked, instruction=first))
            ready = do.ready or ready
    if not quiet:
        if question is not None:
            say(f"{question.text} Going on with “{question.answers[0]}”; the others were:")
            for answer in question.answers[1:]:
                say(f"    {answer}")
        _read_as(ready)
    return ready, question


def ranked_entries(
    do: Run,
    source: Image,
    selection: Selection | None,
    folder: Path,
    bar: ProgressBar,
    *,
    unranked: bool,
) -> tuple[list[dict[str, Any]], dict[str, Made]]:
    """Render what was made into `folder`; the candidates as JSON values, best first."""
    rendered = dict(rendered_candidates(do, source, selection, folder, bar))
    entries = []
    for place in _ranking(do, rendered, unranked).places:
        request = next(c.request for c in do.candidates if c.key == place.key)
        made = rendered[place.key]
        name = f"{place.rank:02d}-{request.method}-{request.seed}.png"
        made.file.rename(folder / name)
        entries.append(_entry(place, request, made, name))
    return entries, rendered


def write_cards(
    folder: Path,
    source: Image,
    title: str,
    entries: list[dict[str, Any]],
    rendered: dict[str, Made],
    words: dict[str, str],
) -> None:
    """The contact sheet beside the candidates."""
    cards = [
        Card(rendered[e["key"]].thumbnail, e["rank"], e["passed"], words[e["key"]], e["reason"])
        for e in entries
    ]
    write_sheet(folder / "sheet.png", thumbnail(source, THUMBNAIL), title, cards)


@dataclass(frozen=True)
class Made:
    """A candidate rendered at full size and saved."""

    file: Path
    size: tuple[int, int]
    outside: float | None
    thumbnail: NDArray[np.uint8]


def rendered_candidates(
    do: Run, source: Image, selection: Selection | None, folder: Path, bar: ProgressBar
) -> Iterator[tuple[str, Made]]:
    """Render and save one after another, each in bands."""
    for number, candidate in enumerate(do.candidates):
        bar.show("writing", number / len(do.candidates))
        result = Streamed(source, candidate.patch, selection, THUMBNAIL)
        file = folder / f"{candidate.key}.png"
        save_image(result.image, file, options=SaveOptions(effort=PNG_EFFORT))
        size = (result.image.width, result.image.height)
        made = Made(file, size, result.outside, result.thumbnail())
        result.close()
        yield candidate.key, made


def _ranking(do: Run, rendered: dict[str, Made], unranked: bool) -> Ranking:
    """By score, with `outside` measured on every pixel; in request order without scores."""
    scores = [
        replace(do.scores.get(c.key, Score(c.key)), outside=rendered[c.key].outside)
        for c in do.candidates
    ]
    if unranked:
        return Ranking(tuple(Ranked(s.key, i, True, "", s) for i, s in enumerate(scores, 1)))
    return rank(scores)


def _entry(place: Ranked, request: Any, made: Made, name: str) -> dict[str, Any]:
    score = place.score or Score(place.key)
    return {
        "rank": place.rank,
        "file": name,
        "method": request.method,
        "key": place.key,
        "seed": request.seed,
        "settings": {k: list(v) if isinstance(v, tuple) else v for k, v in request.settings},
        "size": list(made.size),
        "passed": place.passed,
        "reason": place.reason,
        "scores": {**score.figures(), **dict(score.extra)},
    }


def result_of(
    file: Path,
    opened: OpenedImage,
    ready: InstructionReady,
    entries: list[dict[str, Any]],
    seconds: dict[str, float],
) -> dict[str, Any]:
    """What `edit` and `explore` print with --json (`resources/schemas`)."""
    source = opened.image
    warnings = [str(said) for said in (*opened.notes, ready.warning) if said]
    question = ready.question
    return {
        "source": {
            "file": str(file),
            "width": source.width,
            "height": source.height,
            "depth": source.depth,
            "pixel_digest": source.pixel_digest,
        },
        "instruction": {
            "text": ready.instruction.text,
            "source_prompt": ready.instruction.source_prompt,
            "target_prompt": ready.instruction.target_prompt,
        },
        "caption": ready.caption,
        "domain": ready.domain and {"fits": ready.domain.fits, "score": ready.domain.score},
        "question": question and {"text": str(question.text), "answers": list(question.answers)},
        "warning": " ".join(warnings) or None,
        "candidates": entries,
        "seconds": {name: round(value, 4) for name, value in seconds.items()},
    }


def _read_as(ready: InstructionReady) -> None:
    if ready.sentence:
        say(f"Read as: {ready.sentence}")
    for correction in ready.corrections:
        say(str(correction))
    if ready.warning:
        say(str(ready.warning), error=True)


class Lap:
    """Seconds of one step after the other."""

    def __init__(self, began: float) -> None:
        self._last = began

    def lap(self, until: float = 0.0) -> float:
        """Seconds since the last lap, up to now or an earlier moment."""
        now = max(until, self._last) if until else time.monotonic()
        seconds, self._last = now - self._last, now
        return seconds
