"""The protocol of ``pentimento evaluate starter``: every figure of the models that are there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from inference.lab.evaluation.partial import ItemValues, PartialResults
from inference.lab.evaluation.starter.figures import Example, Figure, Findings
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.starter.testset import Counts
from inference.lab.evaluation.starter.text_to_image import ImageSampling
from inference.methods.generate import INFO as GENERATE
from inference.methods.instruct_pix2pix import INFO as INSTRUCT_PIX2PIX
from inference.models.store import ModelStore
from inference.request.registry import MethodInfo

COMMAND: Final = "pentimento evaluate starter"

# What each part needs, and what it is called in a sentence.
_NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "judge": (),
    "clip": ("clip",),
    "captioner": ("captioner",),
    "language": ("language",),
    "domain": (),
    "text-to-image": ("text-to-image", "judge"),
    "instruct-pix2pix": ("instruct-pix2pix", "judge"),
    "full-size": ("instruct-pix2pix", "clip", "judge"),
}
FULL_SIZE: Final = "full-size"
"""Repaints at 768 px: minutes, so it is measured only on request."""
PARTS: Final = tuple(name for name in _NEEDS if name != FULL_SIZE)


@dataclass
class Report:
    """Everything that was measured.

    Attributes:
        how: how pictures are drawn where a model brings no settings of its own.
        settings: guidances that each part drew with, by its name.
        missing: a sentence for every model or file whose rows are left out.
        took: seconds of each part.
    """

    seed: int
    n: int
    how: ImageSampling
    models: list[str]
    folder: str
    settings: dict[str, dict[str, float]] = field(default_factory=dict)
    rows: list[Figure] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    examples: list[Example] = field(default_factory=list)
    took: dict[str, float] = field(default_factory=dict)

    def report(self) -> dict[str, Any]:
        """As in ``resources/schemas/evaluate-starter.json``."""
        return {
            "command": COMMAND,
            "seed": self.seed,
            "n": self.n,
            "models": self.models,
            "rows": [row.report() for row in self.rows],
            "missing": self.missing,
            **({"full_size": full_size} if (full_size := self._full_size()) else {}),
            "sampling": {
                "scheduler": "DPM-Solver++ (2M)",
                "steps": self.how.steps,
                "candidates": 4,
                "settings": self.settings,
            },
            "seconds": round(sum(self.took.values()), 1),
            "took": {name: round(value, 1) for name, value in self.took.items()},
        }

    def _full_size(self) -> dict[str, dict[str, float]]:
        """Means by kind of edit and measure, e.g. ``["recolour"]["ssim_in"]``."""
        found: dict[str, dict[str, float]] = {}
        for row in self.rows:
            part, kind, measure = (*row.name.split(".", 2), "", "")[:3]
            if part == "full_size":
                found.setdefault(kind, {})[measure] = round(row.mean, 4)
        return found


def evaluate(
    folder: Path | None = None,
    *,
    seed: int = 0,
    n: int = 500,
    steps: int = ImageSampling.steps,
    parts: tuple[str, ...] = PARTS,
    photographs: Path | None = None,
    results: PartialResults | None = None,
    on_part: Callable[[str, float], None] = lambda name, share: None,
) -> Report:
    """Measure every model below a folder.

    Args:
        folder: the models; None for the program's own (``resources/models/starter``).
        seed: of scenes, words and noise; equal seeds give equal figures on one machine.
        n: scenes per figure, with a fifth as many unseen ones; how many edits of each kind that
            means is in `Counts`.
        steps: denoising steps of both diffusion models.
        parts: which of `PARTS`, or `FULL_SIZE`.
        photographs: a folder of photographs that the domain verdict must flag.
        results: of an earlier run, to go on part by part; what they hold leaves no examples.
        on_part: called with the name of each part as it begins and the share of parts done.
    """
    models = StarterModels(folder)
    report = Report(seed, n, ImageSampling(steps), models.names, models.folder.name)
    counts = Counts(n)
    announced: set[str] = set()
    known = results or PartialResults(None)
    for i, part in enumerate(parts):
        on_part(part, i / len(parts))
        absent = [name for name in _NEEDS[part] if not models.has(name)]
        for name in absent:
            if name not in announced:
                announced.add(name)
                report.missing.append(
                    f"There is no {name} in {models.folder.name}: train it with "
                    f"“python -m inference.lab.training.run --only {name}”."
                )
        if absent:
            continue
        key = f"{part} {photographs.name}" if part == "domain" and photographs else part
        values = known.measured(
            "part", key, partial(_part_values, part, models, report, counts, photographs)
        )
        report.rows += [Figure(**row) for row in values["rows"]]
        report.settings |= values["settings"]
        report.took[part] = values["took"]
    _add_partly_missing(report, models, parts, announced)
    return report


def _part_values(
    part: str, models: StarterModels, report: Report, counts: Counts, photographs: Path | None
) -> ItemValues:
    """Measure a part: its figures, the guidances it drew with, and what it took in seconds."""
    before = dict(report.settings)
    began = time.perf_counter()
    found = _measure(part, models, report, counts, photographs)
    took = time.perf_counter() - began
    report.examples += found.examples
    settings = {name: own for name, own in report.settings.items() if name not in before}
    return {"rows": [asdict(row) for row in found.rows()], "settings": settings, "took": took}


def _measure(
    part: str, models: StarterModels, report: Report, counts: Counts, photographs: Path | None
) -> Findings:
    """One part; modules are imported here so that a part that is not wanted costs nothing."""
    seed = report.seed
    if part == "judge":
        from inference.lab.evaluation.starter.judge import evaluate_judge

        return evaluate_judge(models, seed, counts)
    if part == "clip":
        from inference.lab.evaluation.starter.clip import evaluate_clip

        return evaluate_clip(models, seed, counts)
    if part == "captioner":
        from inference.lab.evaluation.starter.captioner import evaluate_captioner

        return evaluate_captioner(models, seed, counts)
    if part == "language":
        from inference.lab.evaluation.starter.language import evaluate_language

        return evaluate_language(models, seed, counts)
    if part == "domain":
        from inference.lab.evaluation.starter.domain import evaluate_domain

        return evaluate_domain(seed, counts, photographs)
    if part == "text-to-image":
        from inference.lab.evaluation.starter.text_to_image import evaluate_text_to_image

        how = own_sampling(part, GENERATE, models, report)
        return evaluate_text_to_image(models, seed, counts, how)
    if part == "instruct-pix2pix":
        from inference.lab.evaluation.starter.instruct_pix2pix import evaluate_instruct_pix2pix

        how = own_sampling(part, INSTRUCT_PIX2PIX, models, report)
        found = evaluate_instruct_pix2pix(models, seed, counts, how)
        _phrased(found, models, seed, counts, how)
        return found
    if part == FULL_SIZE:
        from inference.lab.evaluation.starter.full_size import evaluate_full_size

        per_kind = counts.edits(False)
        return evaluate_full_size(ModelStore([models.folder]), models.judge, seed, per_kind)
    raise ValueError(f"{part!r} is no part; one of {PARTS}")


def _phrased(
    found: Findings, models: StarterModels, seed: int, counts: Counts, how: ImageSampling
) -> None:
    """The rows that take both the hand-written lines and a language model, if there are both."""
    from inference.lab.evaluation.starter.language import PHRASINGS, phrasings
    from inference.lab.evaluation.starter.phrased import evaluate_phrased

    if models.has("language") and PHRASINGS.is_file():
        evaluate_phrased(found, models, phrasings(), max(1, counts.n // 2), seed, how)


def own_sampling(
    part: str, info: MethodInfo, models: StarterModels, report: Report
) -> ImageSampling:
    """How the program would draw; a model may bring its own settings, which the report records."""
    guidances = {s.name for s in info.settings if s.name.endswith("guidance_scale")}
    own = dict(ModelStore([models.folder]).defaults(info))
    how = replace(report.how, **{name: own[name] for name in guidances & set(own)})
    report.settings[part] = {name: getattr(how, name) for name in sorted(guidances)}
    return how


def _add_partly_missing(
    report: Report, models: StarterModels, parts: tuple[str, ...], announced: set[str]
) -> None:
    """Sentences for rows that are left out although their model is there."""
    from inference.lab.evaluation.starter.language import PHRASINGS

    for name in ("judge", "autoencoder"):
        if "judge" in parts and not models.has(name) and name not in announced:
            report.missing.append(f"There is no {name}: its own rows are left out.")
    if "instruct-pix2pix" in report.took and not models.has("clip"):
        report.missing.append("There is no clip to rank with: the best-of-four rows are left out.")
    if "language" in report.took and not PHRASINGS.is_file():
        report.missing.append("The hand-written phrasings come with a checkout only.")
    if "domain" in report.took and not any(r.name.startswith("domain.photo") for r in report.rows):
        report.missing.append(
            "No photographs were named (--photographs DIR): only the scenes' side of the domain "
            "verdict is measured."
        )
