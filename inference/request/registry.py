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


def _n(
    name: str, title: str, help_: str, low: float = -1.0, high: float = 1.0, unit: str = ""
) -> SettingInfo:
    return SettingInfo(name, title, help_, minimum=low, maximum=high, unit=unit)


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
        _n("exposure", "Exposure", "Lighter or darker, in stops of light", -5, 5, "stops"),
        _n("contrast", "Contrast", "Around middle grey"),
        _n("highlights", "Highlights", "Bright tones up or down"),
        _n("shadows", "Shadows", "Dark tones up or down"),
        _n("whites", "Whites", "Where white begins"),
        _n("blacks", "Blacks", "Where black begins; up fades it"),
        _n("temperature", "Warmth", "Up is warmer, down is cooler"),
        _n("tint", "Tint", "Up is more magenta, down is greener"),
        _n("saturation", "Saturation", "−1 takes all colour away, +1 doubles it"),
        _n("vibrance", "Vibrance", "Saturation that spares skin and strong colours"),
        SettingInfo(
            "hue_saturation",
            "Colour by hue",
            "Saturation of each of eight hues",
            kind="numbers",
            default=(0.0,) * 8,
            parts=HUES,
        ),
        SettingInfo(
            "hue_lightness",
            "Lightness by hue",
            "Lightness of each of eight hues",
            kind="numbers",
            default=(0.0,) * 8,
            parts=HUES,
        ),
        _n("black_and_white", "Black and white", "How far to grey", 0),
        _n("sepia", "Sepia", "Brown tone of an old print", 0),
        SettingInfo(
            "shadow_tone",
            "Tone of the shadows",
            "Hue in degrees and amount 0 to 1",
            kind="numbers",
            default=(0.0, 0.0),
            minimum=0,
            maximum=360,
            parts=("hue", "amount"),
        ),
        SettingInfo(
            "highlight_tone",
            "Tone of the highlights",
            "Hue in degrees and amount 0 to 1",
            kind="numbers",
            default=(0.0, 0.0),
            minimum=0,
            maximum=360,
            parts=("hue", "amount"),
        ),
        _n("blur", "Blur", "Softness, in percent of the long side", 0, 5, "%"),
        _n("sharpen", "Sharpen", "Fine detail", 0, 2),
        _n("clarity", "Clarity", "Contrast of middle-sized detail"),
        _n("grain", "Grain", "Film grain", 0),
        _n("vignette", "Vignette", "Up darkens the corners, down brightens them"),
        _n("straighten", "Straighten", "Turn clockwise and keep the largest crop", -45, 45, "°"),
        SettingInfo(
            "crop_ratio",
            "Crop to a ratio",
            "Width and height of the largest centred crop",
            kind="numbers",
            default=None,
            minimum=0.01,
            maximum=65500,
            parts=("width", "height"),
            optional=True,
        ),
        SettingInfo(
            "remove_spot",
            "Remove a spot",
            "Fill the selection from around it",
            kind="switch",
            default=False,
        ),
        SettingInfo(
            "invert_selection",
            "Outside the selection",
            "Act outside instead of inside",
            kind="switch",
            default=False,
        ),
    ),
)


def _steps(default: int) -> SettingInfo:
    return SettingInfo(
        "num_inference_steps",
        "Steps",
        "More steps, finer and slower",
        kind="integer",
        default=default,
        minimum=1,
        maximum=200,
    )


def _follow(help_: str) -> SettingInfo:
    return SettingInfo(
        "guidance_scale", "Follow the words", help_, default=7.5, minimum=1.0, maximum=20.0
    )


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
        _follow("Raise it where too little changes"),
        SettingInfo(
            "image_guidance_scale",
            "Keep the picture",
            "Raise it where too much changes",
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
        _follow("Higher follows the words, lower is freer"),
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
