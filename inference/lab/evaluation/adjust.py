from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from editor.errors import ExpectedError, NotUnderstood, SelectionNeeded
from editor.model.image import Image
from editor.model.patch import Patch, settings_of
from editor.model.selection import Selection
from editor.ranking.measured_score import USUAL, measured_score
from editor.ranking.measures import Measures, Reference, measure
from editor.ranking.rank import rank
from editor.render import composite
from editor.render.color import ColorSpace
from editor.tone import Reading, read
from inference.lab.evaluation.photographs import Photograph, photographs
from inference.lab.evaluation.starter.figures import Figure, Findings

TABLES = Path(__file__).resolve().parents[3] / "tests" / "data"
"""The phrase tables of a checkout; an installed program has none."""

COUNTED_STILL = 0.02
"""A must-quantity counts as moved from this share of its usual change."""

STAYED = 0.2
"""What must not move stays within this share of the largest asked movement."""

FLOOR = 0.05
"""Movements under this many units are rounding of 8-bit samples, not changes."""


class NoPhrases(ExpectedError):
    """The phrase tables are not there."""

    kind = "no_phrases"


@dataclass(frozen=True)
class PhraseCase:
    """One line of a phrase table (`tests/data/README.md`)."""

    text: str
    must: tuple[tuple[str, Any], ...]
    must_not: tuple[str, ...]
    selection: str | None
    photo: str
    hidden: bool = False

    @property
    def background(self) -> bool:
        """True if the selection is the subject and the edit acts outside it."""
        return "background" in self.text.lower()


@dataclass
class PhraseTally:
    """Right and wrong answers, in all and by quantity."""

    right: float = 0.0
    phrases: int = 0
    best_right: float = 0.0
    runs: int = 0
    unread: int = 0
    unfit: int = 0
    must: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    must_not: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    failures: list[dict[str, Any]] = field(default_factory=list)
    marks: list[tuple[float, float]] = field(default_factory=list)

    def report(self) -> dict[str, Any]:
        """Figures for the JSON report."""
        judged = max(1, self.phrases)
        return {
            "phrases": self.phrases,
            "runs": self.runs,
            "share": round(self.right / judged, 4),
            "share_best": round(self.best_right / judged, 4),
            "unread": self.unread,
            "unfit": self.unfit,
            "must": _quantities(self.must),
            "must_not": _quantities(self.must_not),
        }


def run(directory: Path, *, json: bool) -> dict[str, Any]:
    """The report of `pentimento evaluate adjust DIR`; the caller prints it, as JSON or not."""
    return evaluate(directory)


def evaluate(
    directory: Path | Sequence[Photograph],
    phrase_files: Sequence[Path] | None = None,
    refused_files: Sequence[Path] | None = None,
    *,
    pixels: int = 250_000,
    photos_per_phrase: int = 3,
    best: bool = True,
    failures: bool = False,
) -> dict[str, Any]:
    """Run every phrase on suitable photographs and see what moved.

    For each phrase and photograph: read, render the first reading and the best-ranked candidate,
    measure, compare with what must move and what must not. A phrase's mark is its share of right
    photographs; `share` is the mean mark.

    Args:
        directory: a folder of photographs, or photographs already loaded.
        phrase_files: tables of phrases; None for those of the checkout.
        refused_files: tables of phrases that must be refused; None for those of the checkout.
        pixels: photographs are reduced to at most this many.
        photos_per_phrase: most suitable photographs for each phrase, in turn.
        best: also rank four candidates and judge the first of them (four times the work).
        failures: list the failing phrases too, except those of held-out tables.

    Raises:
        NoPhrases: there is no table.
        UnsupportedImage: the folder holds no picture that can be read.
    """
    if isinstance(directory, Path):
        photos: Sequence[Photograph] = photographs(directory, pixels)
    else:
        photos = directory
    if phrase_files is None:
        phrase_files = sorted(TABLES.glob("adjust_phrases*.jsonl"))
    if refused_files is None:
        refused_files = sorted(TABLES.glob("adjust_refused*.jsonl"))
    if not phrase_files and not refused_files:
        raise NoPhrases(
            "There are no phrase tables in this installation.", "Run it from a checkout."
        )
    total, files = PhraseTally(), {}
    for path in phrase_files:
        tally = PhraseTally()
        for number, phrase in enumerate(_phrases(path)):
            _run_phrase(phrase, number, photos, photos_per_phrase, best, (tally, total))
        files[path.stem] = tally.report()
    refusals = _refusals(refused_files)
    report = {
        "protocol": "adjust",
        "photographs": len(photos),
        **total.report(),
        "files": files,
        "refused": refusals,
        "rows": [row.report() for row in _figures(total, refusals)],
    }
    if failures:
        report["failures"] = total.failures
    return report


def _figures(total: PhraseTally, refusals: Mapping[str, int]) -> list[Figure]:
    """``first`` and ``best``: marks of the phrases; ``refused``: of those that must be."""
    found = Findings()
    for first, best in total.marks:
        found.value("first", first)
        found.value("best", best)
    for number in range(refusals["phrases"]):
        found.share("refused", number < refusals["right_kind"])
    return found.rows()


def _quantities(counts: dict[str, list[int]]) -> dict[str, dict[str, int]]:
    return {name: {"asked": n, "right": right} for name, (n, right) in sorted(counts.items())}


def _lines(path: Path) -> Iterable[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)


def _phrases(path: Path) -> list[PhraseCase]:
    hidden = "held_out" in path.name
    return [
        PhraseCase(
            entry["phrase"],
            tuple((name, way) for name, way in entry["must"]),
            tuple(entry.get("must_not", ())),
            entry.get("selection"),
            entry.get("photo", "any"),
            hidden,
        )
        for entry in _lines(path)
    ]


def _refusals(paths: Iterable[Path]) -> dict[str, int]:
    """How many phrases are refused, and with the right kind."""
    kinds = {"local": SelectionNeeded, "unknown": NotUnderstood}
    counts = {"phrases": 0, "refused": 0, "right_kind": 0}
    for path in paths:
        for entry in _lines(path):
            counts["phrases"] += 1
            try:
                read(entry["phrase"], has_selection=False)
            except (SelectionNeeded, NotUnderstood) as refusal:
                counts["refused"] += 1
                counts["right_kind"] += isinstance(refusal, kinds[entry["why"]])
    return counts


def _run_phrase(
    phrase: PhraseCase,
    number: int,
    photos: Sequence[Photograph],
    most: int,
    ranked: bool,
    tallies: tuple[PhraseTally, ...],
) -> None:
    fitting = [photo for photo in photos if photo.fits(phrase.photo)]
    if not fitting:
        for tally in tallies:
            tally.unfit += 1
        return
    # Each phrase starts at another photograph, so that all of them get used.
    turned = [fitting[(number + i) % len(fitting)] for i in range(min(most, len(fitting)))]
    marks = [_run(phrase, photo, ranked, tallies) for photo in turned]
    first, best = (sum(column) / len(marks) for column in zip(*marks, strict=True))
    for tally in tallies:
        tally.phrases += 1
        tally.right += first
        tally.best_right += best
        tally.marks.append((first, best))


def _run(
    phrase: PhraseCase, photo: Photograph, ranked: bool, tallies: tuple[PhraseTally, ...]
) -> tuple[bool, bool]:
    """Whether the first reading and the best-ranked candidate moved the right way."""
    for tally in tallies:
        tally.runs += 1
    selection = photo.ellipse() if phrase.selection == "ellipse" else None
    source = photo.with_spot() if phrase.photo == "spot" else photo.image
    try:
        readings = read(phrase.text, has_selection=selection is not None, count=4 if ranked else 1)
    except ExpectedError as refusal:
        for tally in tallies:
            tally.unread += 1
            for name, _ in phrase.must:
                tally.must[name][0] += 1
            _note(tally, phrase, photo, [f"{refusal.kind}: {refusal.message}"])
        return False, False
    reference = Reference()
    results = [_render(reading, source, selection, reference) for reading in readings]
    wrong, local = _wrong(phrase, photo, results[0], source, selection, tallies)
    if wrong or not local:
        for tally in tallies:
            _note(tally, phrase, photo, wrong or ["outside the selection changed"])
    first = not wrong and local
    scores = [
        measured_score(
            str(i), result[1], reading.wanted_changes, reading.fixed_quantities, parts=reading.parts
        )
        for i, (reading, result) in enumerate(zip(readings, results, strict=True))
    ]
    best = int(rank(scores).places[0].key)
    if best == 0:
        return first, first
    wrong, local = _wrong(phrase, photo, results[best], source, selection, ())
    return first, not wrong and local


def _render(
    reading: Reading, source: Image, selection: Selection | None, reference: Reference
) -> tuple[Image, Measures, Reading]:
    patch = Patch(settings_of(reading.adjustments.to_settings()))
    after = composite.render(source, patch, selection)
    coverage = None
    if selection is not None:
        where = selection.inverted() if reading.adjustments.invert_selection else selection
        coverage = where.array()
    measures = measure(
        source.array()[:, :, : source.colour_channels],
        after.array()[:, :, : after.colour_channels],
        ColorSpace.of(source),
        ColorSpace.of(after),
        coverage=coverage,
        angle=reading.adjustments.straighten,
        reference=reference,
    )
    return after, measures, reading


def _wrong(
    phrase: PhraseCase,
    photo: Photograph,
    result: tuple[Image, Measures, Reading],
    source: Image,
    selection: Selection | None,
    tallies: tuple[PhraseTally, ...],
) -> tuple[list[str], bool]:
    """What did not move as asked, and whether the rest of the picture is byte-equal."""
    after, measures, _ = result
    wrong: list[str] = []
    achieved = 0.0
    for name, way in phrase.must:
        right = _moved(name, way, measures, phrase.text)
        if name not in ("size_ratio", "angle"):
            achieved = max(achieved, abs(measures.change(name)))
        if not right:
            wrong.append(f"{name} {measures.change(name):+.2f}, asked {way}")
        for tally in tallies:
            tally.must[name][0] += 1
            tally.must[name][1] += right
    for name in phrase.must_not:
        hue = name.partition("_")[2]
        if name not in measures or measures.hue_shares.get(hue, 1.0) < 0.05:
            continue
        limit = max(STAYED * achieved, FLOOR)
        if achieved == 0.0:  # a crop or a turn shows other pixels, so means shift a little
            limit = max(limit, 0.5 * USUAL.get(name, 0.0))
        stayed = abs(measures.change(name)) <= limit
        if not stayed:
            wrong.append(f"{name} {measures.change(name):+.2f}, must stay within {limit:.2f}")
        for tally in tallies:
            tally.must_not[name][0] += 1
            tally.must_not[name][1] += stayed
    local = selection is None or _outside_equal(source, after, selection, phrase.background)
    return wrong, local


def _moved(name: str, way: Any, measures: Measures, text: str) -> bool:
    if name not in measures:
        return False
    _, after = measures[name]
    change = measures.change(name)
    if isinstance(way, dict):
        wanted = float(way["equals"])
        if name == "angle":
            senses = ("clockwise", "left", "right", "ccw", "cw")
            if not any(sense in text.lower() for sense in senses):
                after, wanted = abs(after), abs(wanted)
            return abs(after - wanted) <= 0.05
        return abs(after - wanted) <= 0.01 * abs(wanted)
    if way == "zero":
        return abs(after) < 1.0
    least = max(1e-4, COUNTED_STILL * USUAL.get(name, 0.0))
    return change >= least if way == "up" else change <= -least


def _outside_equal(source: Image, after: Image, selection: Selection, background: bool) -> bool:
    if (source.width, source.height, source.channels) != (
        after.width,
        after.height,
        after.channels,
    ):
        return False
    coverage = selection.array()
    outside = coverage == 255 if background else coverage == 0
    return bool((source.array()[outside] == after.array()[outside]).all())


def _note(tally: PhraseTally, phrase: PhraseCase, photo: Photograph, wrong: list[str]) -> None:
    if not phrase.hidden:
        tally.failures.append({"phrase": phrase.text, "photo": photo.name, "wrong": wrong})
