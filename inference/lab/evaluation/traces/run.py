"""One run of the experiment: which models, which traces, which picture models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from editor.model.image import Pixels
from inference.lab.evaluation.arm_digest import NoArm, arm_digest, check_model
from inference.lab.evaluation.starter.models import StarterModels
from inference.lab.evaluation.traces.arms import StorybookArm, SuggestArm, arms_of
from inference.lab.evaluation.traces.comparison import (
    TraceFindings,
    compare_baselines,
    compare_simulated,
    compare_written,
)
from inference.lab.evaluation.traces.real_text import text_items
from inference.lab.evaluation.traces.simulated import ResultStore, TraceMeasures
from inference.lab.evaluation.traces.trace_items import TraceContext, trace_items
from inference.lab.evaluation.traces.trace_pictures import (
    DiffusionPictures,
    PictureModel,
    Renderer,
)
from inference.lab.finetune.tuning_language import load_language
from inference.language.traces.split import in_part
from inference.language.traces.trace_file import read_traces

PICTURES = ("renderer", "text-to-image")


@dataclass(frozen=True)
class ArmSource:
    """Where an arm's model lies.

    Attributes:
        name: in tables.
        folder: a causal language model.
        lora: a LoRA of it, from `pentimento train suggest --tune lora`.
    """

    name: str
    folder: Path
    lora: Path | None = None

    @classmethod
    def parse(cls, text: str) -> ArmSource:
        """``NAME=FOLDER`` or ``NAME=FOLDER+LORA``.

        Raises:
            NoArm: the text has another form, or a folder is missing.
        """
        name, equals, places = text.partition("=")
        folder, plus, lora = places.partition("+")
        found = cls(name, Path(folder), Path(lora) if plus else None)
        wanted = [found.folder] if found.lora is None else [found.folder, found.lora]
        if not equals or not name or not all(place.is_dir() for place in wanted):
            raise NoArm(f"There is no arm {text}.", "Give NAME=FOLDER or NAME=FOLDER+LORA.")
        return found

    def arms(self) -> tuple[SuggestArm, ...]:
        """The ways this model is asked."""
        return arms_of(self.name, load_language(self.folder, self.lora))


@dataclass(frozen=True)
class TraceExperiment:
    """What is measured.

    Attributes:
        arms: whose models are loaded one after another.
        n: places of simulated traces; 0 for none.
        seed: of the simulated artists.
        pictures: of `PICTURES`.
        contexts: what the arms see.
        memoryless: of artists whose path helps nobody.
        first: p₀ → p̂₁, as published, instead of places inside traces.
        written: files of traces that people wrote; only held-out traces are taken.
        most: places of each such file.
        starter: folder of the starter models; None for the program's own.
    """

    arms: tuple[ArmSource, ...]
    n: int
    seed: int
    pictures: tuple[str, ...]
    contexts: tuple[TraceContext, ...]
    memoryless: bool = False
    first: bool = False
    written: tuple[Path, ...] = ()
    most: int | None = None
    starter: Path | None = None

    def run(
        self, results: ResultStore, on_row: Callable[[str, float], None]
    ) -> list[TraceFindings]:
        """Measure everything that `results` does not hold; arms load one at a time."""
        models = StarterModels(self.starter)
        measures = [TraceMeasures(p, lambda x: embed(models, x)) for p in self._pictures(models)]
        items = trace_items(self.n, self.seed, memoryless=self.memoryless, first=self.first)
        contexts = tuple(c for c in self.contexts if not self.first or c in ("prompt", "caption"))
        found: list[TraceFindings] = []
        if items:
            found += [compare_baselines(items, m, results, on_row=on_row) for m in measures]
        for source in self.arms:
            check_model(source.name, arm_digest((source.folder, source.lora)), results)
            arms = source.arms()
            if items:
                found += [
                    compare_simulated(arms, items, one, results, contexts=contexts, on_row=on_row)
                    for one in measures
                ]
            general = [arm for arm in arms if not isinstance(arm, StorybookArm)]
            if general:
                found += [
                    part
                    for file in self.written
                    for part in self._written(general, file, results, on_row)
                ]
        return found

    def _written(
        self,
        arms: Sequence[SuggestArm],
        file: Path,
        results: ResultStore,
        on_row: Callable[[str, float], None],
    ) -> list[TraceFindings]:
        """Arms on the held-out traces of a file: with a path where there is one to know."""
        traces = [trace for trace in read_traces(file) if in_part(trace, "held-out")]
        found = []
        inside = text_items(traces, least=1, most=self.most)
        begin = [i for i in text_items(traces) if not i.edit.done and i.edit.now.prompt]
        begin = begin[: self.most]
        name = part_of(file)
        if inside:
            contexts: tuple[TraceContext, ...] = ("prompt", "path", "shuffled")
            found.append(compare_written(arms, name, inside, contexts, results, on_row=on_row))
        if begin:
            part = f"{name}-captions"
            found.append(compare_written(arms, part, begin, ("prompt",), results, on_row=on_row))
        return found

    def _pictures(self, models: StarterModels) -> list[PictureModel]:
        made: dict[str, Callable[[], PictureModel]] = {
            "renderer": Renderer,
            "text-to-image": lambda: DiffusionPictures(models.text_to_image, models.side()),
        }
        return [made[name]() for name in self.pictures]


def part_of(file: Path) -> str:
    """What the rows of a file of traces are called: its name up to the first dot."""
    return file.name.split(".", 1)[0]


def embed(models: StarterModels, pictures: Pixels) -> Any:
    """Unit features of pictures by the starter's CLIP, (N, D)."""
    return np.asarray(models.clip.embed_images(pictures))


def facts(experiment: TraceExperiment) -> Mapping[str, Any]:
    """What the values depend on besides row and item."""
    starter = experiment.starter
    return {
        "seed": experiment.seed,
        "memoryless": experiment.memoryless,
        "first": experiment.first,
        "written": [file.name for file in experiment.written],
        **({"models": str(starter.resolve())} if starter is not None else {}),
    }
