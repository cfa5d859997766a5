"""`evaluate preservation`: what every way to invert a picture keeps, by PIE-Bench's measures."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from inference.lab.evaluation.protocol import (
    INSTALLED,
    MODEL,
    MODELS,
    SEED,
    BadOption,
    Estimate,
    OnShareDone,
    OptionInfo,
    Options,
    ProtocolInfo,
    ProtocolReport,
    ReportRow,
    count,
)

if TYPE_CHECKING:
    from editor.model.image import Pixels
    from inference.lab.evaluation.inversions import EditPictures
    from inference.lab.evaluation.partial import ItemValues, PartialResults

INFO: Final = ProtocolInfo(
    name="preservation",
    summary="what each inversion keeps where nothing was asked (PIE-Bench)",
    paper="PnP Inversion (Ju et al. 2024)",
    implementation=f"{__name__}:evaluate",
    options=(
        count(80, "edits of a part, the kinds in turn"),
        OptionInfo(
            "--inversion", "one of the ways; may be repeated; default: all", metavar="NAME",
            repeated=True,
        ),
        OptionInfo("--steps", "default: the model's own", "integer", None, maximum=200),
        OptionInfo("--dino", "a ViTModel of DINO for its column", "folder", metavar="DIR"),
        OptionInfo(
            "--as-authors", "structure distance without the division by 255", "switch", False
        ),
        SEED,
        MODELS,
        MODEL,
    ),
)  # fmt: skip

DO_NOTHING: Final = "do_nothing"

_MEASURED: Final = ("psnr_unedited", "mse_unedited", "ssim_unedited")
_CLIP: Final = ("clip_score", "clip_score_edited")


def evaluate(options: Options, on_progress: OnShareDone) -> ProtocolReport:
    """pix2pix-zero with every inversion on the same edits of a part; nothing is put back.

    Raises:
        BadOption: there is no such inversion.
        ModelMissing: a model is not there.
    """
    from inference.lab.evaluation.inversions import WAYS
    from inference.lab.evaluation.models import digests_of
    from inference.lab.evaluation.partial import PartialResults
    from inference.request.registry import method

    unknown = [name for name in options["inversion"] if name not in WAYS]
    if unknown:
        raise BadOption(f"There is no inversion {unknown[0]}.", f"One of {', '.join(WAYS)}.")
    models = options[INSTALLED]()
    models.require(method("pix2pix_zero"))
    ways = (DO_NOTHING, *(options["inversion"] or WAYS))
    n, seed = options["n"], options["seed"]
    facts = {
        "protocol": INFO.name,
        "seed": seed,
        "steps": options["steps"],
        "as_authors": options["as_authors"],
        "dino": options["dino"].name if options["dino"] is not None else None,
        "models": digests_of(models, ("clip", "text_to_image")),
    }
    results = PartialResults(options["report"], facts)
    editor = _Editor(options, models)
    for index in range(n):
        for place, way in enumerate(ways):
            on_progress(way, (index + place / len(ways)) / n)
            editor.measure(results, way, index)
    rows = [_row(results, way, n, editor.columns) for way in ways]
    return ProtocolReport(
        _command(options),
        seed,
        n,
        sorted(facts["models"].values()),
        [row.report() for row in rows],
        sum(one["took"] for way in ways for one in _values(results, way, n)),
        more={"missing": editor.missing()},
        lines=[*_lines(rows), *editor.missing()],
    )


class _Editor:
    """Makes edits and measures them; pictures of the last edit are kept for the next way."""

    def __init__(self, options: Options, models: Any) -> None:
        from inference.lab.evaluation.clip_columns import ClipColumns
        from inference.lab.evaluation.dino import DinoFeatures
        from inference.lab.evaluation.starter.testset import edits
        from inference.lab.storybook.edits import EDIT_KINDS

        n, seed = options["n"], options["seed"]
        per_kind = -(-n // len(EDIT_KINDS)) * 2  # half of the kinds are of a part
        parts = [edit for edit in edits(seed, per_kind, unseen=False) if edit.kind in _PARTS]
        self._edits = parts[:n]
        self._side = models.diffusion("text_to_image").side
        self._models, self._options = models, options
        self._clip = ClipColumns(models)
        self._dino = DinoFeatures(options["dino"]) if options["dino"] is not None else None
        self._last: tuple[int, EditPictures] | None = None

    @property
    def columns(self) -> dict[str, str]:
        """Names of the columns by measure, in order."""
        dino = f"structure_distance@{self._dino.name}" if self._dino else "structure_distance"
        of = f"@{self._clip.name}" if self._clip.name is not None else ""
        return {
            **{name: name for name in _MEASURED},
            "lpips": "lpips",
            "structure_distance": dino,
            **{name: f"{name}{of}" for name in _CLIP},
            "seconds": "seconds",
        }

    def missing(self) -> list[str]:
        """A sentence for every column that stays empty."""
        sentences = ["The weights of LPIPS (SqueezeNet) are not there: lpips is empty."]
        if self._dino is None:
            sentences.append(
                "The weights of DINO ViT-B/8 are not there (--dino DIR): structure_distance is "
                "empty."
            )
        if self._clip.name is None:
            sentences.append(f"No CLIP model is installed: {', '.join(_CLIP)} are empty.")
        return sentences

    def measure(self, results: PartialResults, way: str, index: int) -> None:
        """One way on one edit, unless it is known."""
        results.measured(way, str(index), lambda: self._measured(way, index))

    def _measured(self, way: str, index: int) -> ItemValues:
        began = time.perf_counter()
        pair = self._pictures(index)
        made, seconds = pair.gold.source, 0.0
        if way != DO_NOTHING:
            made = self._made(way, pair)
            seconds = time.perf_counter() - began
        values = self._fidelity(made, pair)
        values |= {"seconds": round(seconds, 3)} if seconds else {}
        return {**values, "took": round(time.perf_counter() - began, 3)}

    def _pictures(self, index: int) -> EditPictures:
        from inference.lab.evaluation.inversions import EditPictures
        from inference.lab.evaluation.starter.testset import stream
        from inference.lab.storybook.instructions import instruct

        if self._last is None or self._last[0] != index:
            edit = self._edits[index]
            text = instruct(edit, stream(self._options["seed"], "words", index)).text
            self._last = (index, EditPictures(edit, self._side, text))
        return self._last[1]

    def _made(self, way: str, pair: EditPictures) -> Pixels:
        from inference.lab.evaluation.inversions import USUAL, WAYS, made_candidates
        from inference.methods.pix2pix_zero import INFO as PIX2PIX_ZERO
        from inference.methods.pix2pix_zero import Pix2PixZero

        steps = self._options["steps"]
        own = dict(self._models.defaults(PIX2PIX_ZERO)) | WAYS[way]
        own |= {"num_inference_steps": steps} if steps else {}
        (made,) = made_candidates(Pix2PixZero(self._models), pair, own, [USUAL])
        return pair.picture(made)

    def _fidelity(self, made: Pixels, pair: EditPictures) -> ItemValues:
        from inference.lab.evaluation.dino import structure_distance
        from inference.lab.evaluation.unedited import unedited_fidelity, without

        source, inside = pair.gold.source, pair.gold.mask > 0
        values: ItemValues = dict(unedited_fidelity(made, source, inside))
        if self._clip.name is not None:
            words = self._clip.text(pair.instruction.target_prompt)
            for name, picture in zip(_CLIP, (made, without(made, ~inside)), strict=True):
                cosine = float(self._clip.picture(picture) @ words)
                values[name] = 100 * max(0.0, cosine)  # as torchmetrics' CLIPScore
        if self._dino is not None:
            first, second = (
                self._dino.self_similarity(one, as_authors=self._options["as_authors"])
                for one in (source, made)
            )
            values["structure_distance"] = structure_distance(first, second)
        return values


_PARTS: Final = ("replace", "recolour", "add", "remove")


def _values(results: PartialResults, way: str, n: int) -> list[ItemValues]:
    found = (results.get(way, str(index)) for index in range(n))
    return [one for one in found if one is not None]


def _row(results: PartialResults, way: str, n: int, columns: dict[str, str]) -> ReportRow:
    from inference.lab.evaluation.estimates import mean_over_sessions

    metrics: dict[str, Estimate | None] = {}
    values = _values(results, way, n)
    for name, column in columns.items():
        known = [[one[name]] for one in values if name in one]
        if known:
            found = mean_over_sessions(known)
            metrics[column] = Estimate(found.mean, found.low, found.high)
        elif name != "seconds":
            metrics[column] = None
    return ReportRow(way, n, metrics)


def _lines(rows: list[ReportRow]) -> list[str]:
    from inference.lab.evaluation.report.tables import text_table

    return list(text_table(rows))


def _command(options: Options) -> str:
    words = [f"pentimento evaluate {INFO.name}"]
    words += [f"--inversion {name}" for name in options["inversion"]]
    words += [f"--steps {options['steps']}"] if options["steps"] else []
    words += [f"--dino {options['dino'].name}"] if options["dino"] is not None else []
    words += ["--as-authors"] if options["as_authors"] else []
    return " ".join((*words, f"--n {options['n']} --seed {options['seed']}"))
