"""`evaluate tradeoff`: how much of the asked change InstructPix2Pix makes for what it keeps."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from inference.lab.evaluation.protocol import (
    INSTALLED,
    MODEL,
    MODELS,
    SEED,
    CurvePlot,
    Estimate,
    OnShareDone,
    OptionInfo,
    Options,
    PlottedCurve,
    ProtocolInfo,
    ProtocolReport,
    ReportRow,
    count,
)

if TYPE_CHECKING:
    from inference.lab.evaluation.equal_level import Points
    from inference.lab.evaluation.methods import Arm
    from inference.lab.evaluation.partial import ItemValues, PartialResults
    from inference.lab.storybook.edits import Edit
    from inference.models.store import ModelStore

INFO: Final = ProtocolInfo(
    name="tradeoff",
    summary="direction against image similarity, InstructPix2Pix beside SDEdit",
    paper="InstructPix2Pix (Brooks et al. 2023, figure 8)",
    implementation=f"{__name__}:evaluate",
    options=(
        count(200, "edits, the kinds in turn"),
        OptionInfo("--side", "of the pictures; default: what the model draws", "integer", 0, "PX"),
        OptionInfo(
            "--as-published",
            "text guidance 7.5 and 100 steps instead of the model's own settings",
            "switch",
            default=False,
        ),
        SEED,
        MODELS,
        MODEL,
    ),
)

INSTRUCT, SDEDIT = "instruct_pix2pix", "sdedit"

SWEPT: Final[dict[str, tuple[str, tuple[float, ...]]]] = {
    INSTRUCT: ("image_guidance_scale", (1.0, 1.2, 1.4, 1.6, 1.8, 2.0, 2.2)),
    SDEDIT: ("strength", (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)),
}
"""Setting and values by method. SDEdit is given the caption after, as in the paper."""

PUBLISHED: Final = {INSTRUCT: 0.15, SDEDIT: 0.10}
"""Direction at comparable image similarity, of photographs, by CLIP ViT-L/14."""

_PUBLISHED_SETTINGS: Final = (("guidance_scale", 7.5), ("num_inference_steps", 100))


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """Both methods on the same edits at seven settings each.

    A row for each method and setting, and ``instruct_pix2pix over sdedit``: how much more direction
    at equal image similarity, over the same edits.

    Raises:
        ModelMissing: a model is not there.
    """
    from inference.lab.evaluation.equal_level import estimate_more
    from inference.lab.evaluation.models import digests_of
    from inference.lab.evaluation.partial import PartialResults
    from inference.lab.evaluation.starter.testset import edits
    from inference.lab.storybook.edits import EDIT_KINDS
    from inference.request.registry import method

    models = options[INSTALLED]()
    used = [role for name in SWEPT for role in method(name).roles]
    for name in SWEPT:
        models.require(method(name))
    models.clip()
    n, seed = options["n"], options["seed"]
    side = options["side"] or models.diffusion(used[0]).side
    published = _PUBLISHED_SETTINGS if options["as_published"] else ()
    facts = {
        "protocol": INFO.name,
        "seed": seed,
        "side": side,
        "settings": list(published),
        "models": digests_of(models, ("clip", *used)),
    }
    results = PartialResults(options["report"], facts)
    drawn = edits(seed, -(-n // len(EDIT_KINDS)), unseen=False)[:n]
    sweep = _Sweep(models, side, seed, dict(published), results)
    for index, edit in enumerate(drawn):
        on_progress("trade-off", index / n)
        sweep.measure(index, edit)
    points = {name: sweep.points(name, n) for name in SWEPT}
    more = estimate_more(points[INSTRUCT], points[SDEDIT])
    rows = [row for name in SWEPT for row in _rows(name, *points[name])]
    over = f"{INSTRUCT} over {SDEDIT}"
    rows.append(ReportRow(over, n, {"direction_at_equal_image": more}))
    return ProtocolReport(
        f"pentimento evaluate tradeoff --n {n} --seed {seed}"
        + (" --as-published" if published else ""),
        seed,
        n,
        sorted(facts["models"].values()),
        [row.report() for row in rows],
        sum(sweep.took(n)),
        more={"published": PUBLISHED, "side": side},
        lines=_lines(rows),
        plots=[_plot(points)],
    )


class _Sweep:
    """Every setting of both methods on one edit after another."""

    def __init__(
        self,
        models: ModelStore,
        side: int,
        seed: int,
        settings: dict[str, Any],
        results: PartialResults,
    ) -> None:
        from inference.request.registry import method
        from inference.vision.clip.embeddings import Embeddings

        self._models, self._side, self._seed = models, side, seed
        self._settings, self._results = settings, results
        self._makers = {name: method(name).load()(models) for name in SWEPT}
        self._embeddings = Embeddings(models)

    def measure(self, index: int, edit: Edit) -> None:
        """Direction and image similarity of an edit, unless they are known."""
        self._results.measured(INFO.name, str(index), lambda: self._measured(index, edit))

    def points(self, name: str, n: int) -> tuple[Points, Points]:
        """Image similarity and direction of a method, (edits, settings) each."""
        import numpy as np

        found = [self._results.get(INFO.name, str(index)) for index in range(n)]
        values = [one[name] for one in found if one is not None]
        return (
            np.array([one["image"] for one in values]),
            np.array([one["direction"] for one in values]),
        )

    def took(self, n: int) -> list[float]:
        """Seconds of each edit."""
        found = (self._results.get(INFO.name, str(index)) for index in range(n))
        return [float(one["took"]) for one in found if one is not None]

    def _measured(self, index: int, edit: Edit) -> ItemValues:
        from editor.model.image import Image
        from editor.render import composite
        from inference.lab.evaluation.methods import arm_request
        from inference.lab.evaluation.starter.testset import stream
        from inference.lab.storybook.edits import gold
        from inference.lab.storybook.instructions import instruct
        from inference.starter.captions import canonical

        began = time.perf_counter()
        pixels = gold(edit, self._side)
        source = Image.from_array(pixels.source)
        text = instruct(edit, stream(self._seed, "words", index)).text
        found: ItemValues = {}
        for name in SWEPT:
            noise = 1_000_003 * self._seed + index
            requests = [
                arm_request(self._models, arm, edit, text, pixels, noise)
                for arm in self._arms(name)
            ]
            patches = self._makers[name].edit(requests, source, None, lambda step: None)
            pictures = [composite.render(source, patch, None) for patch in patches]
            after = [canonical(edit.target)] * len(pictures)
            compared = self._embeddings.compare(source, pictures, canonical(edit.source), after)
            found[name] = {
                "image": [float(one.image) for one in compared],
                "direction": [float(one.direction or 0.0) for one in compared],
            }
        return {**found, "took": round(time.perf_counter() - began, 3)}

    def _arms(self, name: str) -> list[Arm]:
        from editor.model.patch import settings_of
        from inference.lab.evaluation.methods import Arm

        setting, values = SWEPT[name]
        return [
            Arm(f"{name} {value}", name, settings_of({**self._settings, setting: value}))
            for value in values
        ]


def _rows(name: str, image: Points, direction: Points) -> list[ReportRow]:
    from inference.lab.evaluation.estimates import mean_over_sessions

    def estimate(values: Points) -> Estimate:
        found = mean_over_sessions([[float(value)] for value in values])
        return Estimate(found.mean, found.low, found.high)

    setting, tried = SWEPT[name]
    return [
        ReportRow(
            f"{name} {setting}={value}",
            len(image),
            {"direction": estimate(direction[:, i]), "image": estimate(image[:, i])},
        )
        for i, value in enumerate(tried)
    ]


def _lines(rows: list[ReportRow]) -> list[str]:
    from inference.lab.evaluation.report.tables import text_table

    more = rows[-1].metrics["direction_at_equal_image"]
    if more is None:
        last = f"{rows[-1].name}: their curves share no image similarity."
    else:
        last = f"{rows[-1].name}: {more.mean:+.3f} [{more.low:+.3f}, {more.high:+.3f}] direction"
    return [*text_table(rows[:-1]), last]


def _plot(points: dict[str, tuple[Points, Points]]) -> CurvePlot:
    return CurvePlot(
        "trade-off",
        "direction (CLIP)",
        "image similarity (CLIP)",
        tuple(
            PlottedCurve(
                name,
                tuple(
                    (float(x), float(y))
                    for x, y in zip(direction.mean(0), image.mean(0), strict=True)
                ),
                tuple(f"{value:g}" for value in SWEPT[name][1]),
            )
            for name, (image, direction) in points.items()
        ),
    )
