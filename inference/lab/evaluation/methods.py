"""Every editing method on the same storybook edits: what `pentimento evaluate methods` measures.

The program's own way is taken from the request to the rendered picture, one candidate each.
Captions before and after are the true ones, so that no caption model is measured here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

import numpy as np

from editor.model.edit import Candidate, EditRequest, Instruction
from editor.model.image import Image
from editor.model.patch import SettingValues, settings_of
from editor.ranking.fidelity import psnr
from editor.render import composite
from inference.lab.evaluation.partial import ItemValues, PartialResults
from inference.lab.evaluation.starter.attributes import change_made, judged
from inference.lab.evaluation.starter.figures import Findings
from inference.lab.evaluation.starter.full_size import FULL_SIZE, at_judges_size, measures
from inference.lab.evaluation.starter.testset import edits, stream
from inference.lab.storybook.edits import Edit, Gold, gold
from inference.lab.storybook.instructions import instruct
from inference.models.store import ModelStore
from inference.request.captions import RECONSTRUCTION_PSNR
from inference.request.registry import METHODS, MethodInfo, method
from inference.starter.captions import canonical
from inference.workflow.scoring import Scorer

DO_NOTHING: Final = "do_nothing"
"""The row of the unedited picture: what a method must be better than."""


@dataclass(frozen=True)
class Arm:
    """A row of the table.

    Attributes:
        name: of the row.
        method: registry name.
        settings: fixed for every edit, over the model's own and the method's.
    """

    name: str
    method: str
    settings: SettingValues = ()

    @classmethod
    def parse(cls, text: str) -> Arm:
        """METHOD, or METHOD:NAME=VALUE,NAME=VALUE as `--set` takes them.

        Raises:
            UnknownMethod, BadSetting: there is no such method or setting, or value of it.
        """
        name, _, written = text.partition(":")
        info = method(name)
        pairs = [part.partition("=") for part in written.split(",") if part]
        values = {key: info.setting(key).parse(value) for key, _, value in pairs}
        return cls(text, name, settings_of(values))


def editing_methods(models: ModelStore) -> list[Arm]:
    """The sampling methods that change a picture by words alone and whose models are there."""
    return [
        Arm(info.name, info.name)
        for info in METHODS.values()
        if is_compared(info) and not models.missing(info)
    ]


def is_compared(info: MethodInfo) -> bool:
    """True for methods whose result has the size of the picture and needs no selection."""
    return not (info.parametric or info.begins or info.resizes or info.needs_selection)


def evaluate_methods(
    models: ModelStore,
    judge: Any,
    arms: Sequence[Arm],
    seed: int,
    per_kind: int,
    *,
    size: int = FULL_SIZE,
    results: PartialResults | None = None,
    on_edit: Callable[[int, int], None] = lambda done, total: None,
) -> Findings:
    """Rows ``<arm>.<kind>.<measure>``, and over all kinds ``<arm>.all.…``.

    The measures are those of `evaluate_full_size`, and ``seconds`` of one candidate on its own (an
    arm's first one also loads the model); ``gain``, how many dB the whole result is nearer to gold
    than the source; for methods that invert the picture also ``reconstruction_psnr``, in dB at the
    size that the model draws. The row ``do_nothing`` is the source.

    Args:
        models: those of the arms are there.
        judge: see `inference.lab.training.judge`.
        arms: what is compared.
        seed: of the edits, their words and the noise.
        per_kind: edits of each kind.
        size: side of the pictures in pixels.
        results: of an earlier run, to go on; what they hold leaves no examples.
        on_edit: called with how many are done, and how many there are.
    """
    found, known = Findings(), results or PartialResults(None)
    scorer = Scorer(models)
    makers = {arm.name: method(arm.method).load()(models) for arm in arms}
    drawn = edits(seed, per_kind, unseen=False)
    total = len(drawn) * len(arms)
    for index, edit in enumerate(drawn):
        case = _Case(edit, size, instruct(edit, stream(seed, "words", index)).text)

        def unedited(case: _Case = case) -> ItemValues:
            return _measured(found, DO_NOTHING, judge, case, _Result(case.source))

        _note(found, DO_NOTHING, edit, known.measured(DO_NOTHING, str(index), unedited))
        for number, arm in enumerate(arms):

            def edited(case: _Case = case, arm: Arm = arm, index: int = index) -> ItemValues:
                noise = 1_000_003 * seed + index
                request = arm_request(models, arm, case.edit, case.text, case.pixels, noise)
                made = _made(makers[arm.name], scorer, request, case.source)
                return _measured(found, arm.name, judge, case, made)

            _note(found, arm.name, edit, known.measured(arm.name, str(index), edited))
            on_edit(index * len(arms) + number + 1, total)
    return found


@dataclass(frozen=True)
class _Case:
    """An edit, its words, and its pictures as soon as somebody wants them."""

    edit: Edit
    size: int
    text: str

    @cached_property
    def pixels(self) -> Gold:
        return gold(self.edit, self.size)

    @cached_property
    def source(self) -> Image:
        return Image.from_array(self.pixels.source)


@dataclass(frozen=True)
class _Result:
    """A rendered picture and what was recorded with it."""

    picture: Image
    damage: float | None = None
    recorded: Mapping[str, float] = field(default_factory=dict)


def arm_request(
    models: ModelStore, arm: Arm, edit: Edit, text: str, pixels: Gold, seed: int
) -> EditRequest:
    """What a row asks of its method: the true captions, and the model's own settings below its own.

    Args:
        models: bring settings of their own.
        arm: the row.
        edit: for its captions.
        text: the instruction.
        pixels: for the source.
        seed: of the noise.
    """
    info: MethodInfo = method(arm.method)
    own = {one.name: one.default for one in info.settings if not one.optional}
    own |= dict(models.defaults(info)) | dict(arm.settings)
    return EditRequest(
        Image.from_array(pixels.source).pixel_digest,
        None,
        Instruction(text, canonical(edit.source), canonical(edit.target)),
        info.name,
        info.version,
        settings_of(own),
        seed=seed,
    )


def _made(maker: Any, scorer: Scorer, request: EditRequest, source: Image) -> _Result:
    began = time.perf_counter()
    (patch,) = maker.edit([request], source, None, lambda step: None)
    recorded = {"seconds": time.perf_counter() - began}
    own = getattr(maker, "request_facts", {}).get(request.key, {})
    if RECONSTRUCTION_PSNR in own:
        recorded[RECONSTRUCTION_PSNR] = own[RECONSTRUCTION_PSNR]
    candidate = Candidate(request, patch)
    (score,) = scorer.scores(source, [candidate], None, (), (), lambda: False)
    return _Result(composite.render(source, patch, None), score.damage, recorded)


def _measured(found: Findings, name: str, judge: Any, case: _Case, made: _Result) -> ItemValues:
    """What is measured of a result: means by measure, and whether the change is seen."""
    edit, pixels, picture = case.edit, case.pixels, made.picture.array()
    (read,) = judged(judge, np.stack([at_judges_size(picture)]))
    values = measures(edit, pixels, picture, read, made.damage)
    values = {key: value for key, value in values.items() if not key.endswith(".source")}
    everywhere = np.ones(picture.shape[:2], np.bool_)
    nearer, before = (psnr(one, pixels.target, everywhere) for one in (picture, pixels.source))
    values |= {"gain": nearer - before, **made.recorded}
    found.show(
        f"{name}.{edit.kind}",
        values["ssim_in"] + values["psnr_in"] / 100,
        pixels.source,
        picture,
        pixels.target,
        words=[case.text, f"SSIM {values['ssim_in']:.3f}, PSNR {values['psnr_in']:.1f} dB"],
    )
    means = {key: float(value) for key, value in values.items()}
    return {"means": means, "asked": change_made(edit, read)}


def _note(found: Findings, name: str, edit: Edit, values: ItemValues) -> None:
    for kind in (edit.kind, "all"):
        for key, value in values["means"].items():
            found.value(f"{name}.{kind}.{key}", value)
        found.share(f"{name}.{kind}.asked", values["asked"])
