from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from editor.errors import ExpectedError
from editor.messages import Message
from editor.model.patch import SettingValues, settings_of
from editor.render.adjustments.parameters import HUES
from inference.request.settings import BadSetting, SettingInfo


class UnknownMethod(ExpectedError):
    """A method name that is not in the registry."""

    kind = "unknown_method"


@dataclass(frozen=True)
class MethodInfo:
    """The facts about one editing method, readable without loading it.

    Attributes:
        name: in requests, files and `--method`.
        version: raised whenever the method's pixels change for the same request.
        title: the artist's name for it.
        summary: one sentence.
        implementation: "module:Class", imported by the engine only.
        settings: what can be set.
        roles: model roles it needs; none for `adjust`.
        captions: needs before and after captions.
        parametric: leaves parameters, not pixels; acts at full size.
        variety: how candidates differ: "variants" (readings and strengths) or "seeds".
        sweep: settings that candidates of a sampling method take in turn besides their seeds.
        preview: settings that make a quick first look (Live, Explore) out of a full result.
        begins: draws a new picture, so it is no answer to "what should change".
        cost: rough seconds per candidate, to run the cheapest first.
    """

    name: str
    version: int
    title: Message
    summary: Message
    implementation: str
    settings: tuple[SettingInfo, ...]
    roles: tuple[str, ...] = ()
    captions: bool = False
    parametric: bool = False
    variety: str = "seeds"
    sweep: tuple[tuple[str, tuple[float, ...]], ...] = ()
    preview: SettingValues = ()
    begins: bool = False
    cost: float = 1.0

    def setting(self, name: str) -> SettingInfo:
        """The setting of this name; raises `BadSetting`."""
        for info in self.settings:
            if info.name == name:
                return info
        known = ", ".join(info.name for info in self.settings)
        raise BadSetting(
            Message("setting.unknown", method=self.title, name=name),
            Message("setting.known", names=known),
        )

    def load(self) -> type[Any]:
        """Import the class that does it (may import torch: engine only)."""
        module, name = self.implementation.split(":")
        found: type[Any] = getattr(importlib.import_module(module), name)
        return found


def _setting(name: str, help_: str = "help", **facts: Any) -> SettingInfo:
    """A setting with its texts of the catalogue: `setting.<name>.title` and `.help`."""
    title, line = Message(f"setting.{name}.title"), Message(f"setting.{name}.{help_}")
    return SettingInfo(name, title, line, **facts)


def _n(name: str, low: float = -1.0, high: float = 1.0, unit: str = "") -> SettingInfo:
    return _setting(name, minimum=low, maximum=high, unit=unit)


def _colour(name: str) -> SettingInfo:
    parts = ("red", "green", "blue")
    return _setting(
        name, kind="numbers", default=None, minimum=0, maximum=1, parts=parts, optional=True
    )


ADJUST = MethodInfo(
    name="adjust",
    version=1,
    title=Message("method.adjust.title"),
    summary=Message("method.adjust.summary"),
    implementation="inference.methods.adjust:Adjust",
    parametric=True,
    variety="variants",
    cost=0.01,
    settings=(
        _n("exposure", -5, 5, "stops"),
        _n("contrast"),
        _n("highlights"),
        _n("shadows"),
        _n("whites"),
        _n("blacks"),
        _n("temperature"),
        _n("tint"),
        _n("saturation"),
        _n("vibrance"),
        _setting(
            "hue_saturation",
            kind="numbers",
            default=(0.0,) * 8,
            parts=HUES,
        ),
        _setting(
            "hue_lightness",
            kind="numbers",
            default=(0.0,) * 8,
            parts=HUES,
        ),
        _n("black_and_white", 0),
        _n("sepia", 0),
        _setting(
            "shadow_tone",
            kind="numbers",
            default=(0.0, 0.0),
            minimum=0,
            maximum=360,
            parts=("hue", "amount"),
        ),
        _setting(
            "highlight_tone",
            kind="numbers",
            default=(0.0, 0.0),
            minimum=0,
            maximum=360,
            parts=("hue", "amount"),
        ),
        _n("blur", 0, 5, "%"),
        _n("sharpen", 0, 2),
        _n("clarity"),
        _n("grain", 0),
        _n("vignette"),
        _n("straighten", -45, 45, "°"),
        _setting(
            "crop_ratio",
            kind="numbers",
            default=None,
            minimum=0.01,
            maximum=65500,
            parts=("width", "height"),
            optional=True,
        ),
        _colour("recolour"),
        _colour("recolour_from"),
        _setting("recolour_metallic", kind="switch", default=False),
        _setting(
            "remove_spot",
            kind="switch",
            default=False,
        ),
        _setting(
            "invert_selection",
            kind="switch",
            default=False,
        ),
    ),
)


def _steps(default: int) -> SettingInfo:
    return _setting(
        "num_inference_steps",
        kind="integer",
        default=default,
        minimum=1,
        maximum=200,
    )


def _follow(help_: str = "help") -> SettingInfo:
    return _setting("guidance_scale", help_, default=7.5, minimum=1.0, maximum=20.0)


INSTRUCT_PIX2PIX = MethodInfo(
    name="instruct_pix2pix",
    version=3,
    title=Message("method.instruct_pix2pix.title"),
    summary=Message("method.instruct_pix2pix.summary"),
    implementation="inference.methods.instruct_pix2pix:InstructPix2Pix",
    roles=("instruct_pix2pix",),
    sweep=(("image_guidance_scale", (1.5, 1.2, 1.8)),),
    preview=(("num_inference_steps", 8),),
    cost=10.0,
    settings=(
        _steps(20),
        _follow(),
        _setting(
            "image_guidance_scale",
            default=1.5,
            minimum=1.0,
            maximum=5.0,
        ),
    ),
)

GENERATE = MethodInfo(
    name="generate",
    version=1,
    title=Message("method.generate.title"),
    summary=Message("method.generate.summary"),
    implementation="inference.methods.generate:Generate",
    roles=("text_to_image",),
    begins=True,
    cost=12.0,
    settings=(
        _steps(25),
        _follow("help_new_picture"),
    ),
)

METHODS: Mapping[str, MethodInfo] = {
    info.name: info for info in (ADJUST, INSTRUCT_PIX2PIX, GENERATE)
}
"""Every method, in the order they are offered."""


def method(name: str) -> MethodInfo:
    """The row of a method; raises `UnknownMethod`."""
    info = METHODS.get(name)
    if info is None:
        known = ", ".join(METHODS)
        raise UnknownMethod(
            Message("method.unknown", name=name), Message("method.known", names=known)
        )
    return info


def check_settings(methods: Sequence[str], settings: SettingValues) -> SettingValues:
    """Settings in their own types, if each belongs to one of the methods; raises `BadSetting`."""
    checked: dict[str, Any] = {}
    for name, value in settings:
        owner = next((m for m in methods if any(s.name == name for s in method(m).settings)), None)
        checked[name] = method(owner or methods[0]).setting(name).check(value)
    return settings_of(checked)
