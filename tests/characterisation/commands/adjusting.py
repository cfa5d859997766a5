"""Tone and colour by words, without any model: every pixel has to be the same."""

from __future__ import annotations

from tests.characterisation.running import Case


def edit(
    name: str,
    picture: str,
    words: str,
    *more: str,
    inputs: tuple[str, ...] = (),
    text: bool = False,
) -> Case:
    """One `edit` into `result`, printed as JSON unless `text`."""
    argv = ("edit", picture, words, "-o", "result", *more, *(() if text else ("--json",)))
    return Case(name, argv, (picture, *inputs))


def one(name: str, words: str, picture: str = "photo.png") -> Case:
    """The first reading of some words."""
    return edit(f"words-{name}", picture, words, "--count", "1")


_MASK = ("--selection", "mask.png")

_EDITS = (
    edit("edit", "photo.png", "warmer, and lift the shadows a little"),
    edit("edit-in-words", "photo.png", "moody, but keep the highlights", text=True),
    edit("edit-count-12", "photo.png", "brighter", "--count", "12"),
    edit("edit-seed", "photo.png", "add grain", "--seed", "5", "--count", "2"),
    edit("edit-captions", "photo.png", "warmer", "--source-prompt", "a chart", "--target-prompt",
         "a warm chart", "--count", "2"),
    edit("edit-misspelt", "photo.png", "more contrsat and brightr", text=True),
    edit("edit-method", "photo.png", "cooler", "--method", "adjust", "--count", "2"),
    edit("edit-method-twice", "photo.png", "cooler", "--method", "adjust", "--method", "adjust"),
    edit("edit-no-rank", "photo.png", "more vivid", "--no-rank", "--count", "3"),
    edit("edit-no-rank-in-words", "photo.png", "more vivid", "--no-rank", "--count", "2",
         text=True),
    edit("edit-two-tiles", "strip.png", "sharper, and a vignette", "--count", "2"),
    edit("edit-two-tiles-blur", "strip.png", "soften it", "--count", "2"),
)  # fmt: skip

_SELECTED = (
    edit("edit-selection", "photo.png", "brighter", *_MASK, inputs=("mask.png",)),
    edit("edit-selection-in-words", "photo.png", "darken the sky", *_MASK, inputs=("mask.png",),
         text=True),
    edit("edit-background", "photo.png", "blur the background", *_MASK, inputs=("mask.png",)),
    edit("edit-spot", "photo.png", "remove this spot", *_MASK, inputs=("mask.png",)),
    edit("edit-selection-no-rank", "photo.png", "warmer", *_MASK, "--no-rank", "--count", "1",
         inputs=("mask.png",)),
    edit("edit-outside", "photo.png", "", *_MASK, "--set", "invert_selection=yes", "--set",
         "exposure=0.5", inputs=("mask.png",)),
)  # fmt: skip

_SET = (
    edit("edit-set", "photo.png", "", "--set", "exposure=0.5", "--set", "temperature=-0.2"),
    edit("edit-set-and-words", "photo.png", "warmer", "--set", "contrast=0.3", "--count", "2"),
    edit("edit-set-numbers", "photo.png", "", "--set", "shadow_tone=210,0.5", "--set",
         "hue_saturation=0,0,-0.5,0.5,0,0,0,0", "--set", "hue_lightness=0.2,0,0,0,0,-0.3,0,0"),
    edit("edit-set-crop", "photo.png", "", "--set", "crop_ratio=1,1", "--set", "straighten=-4"),
    edit("edit-set-none", "photo.png", "crop to 16:9", "--set", "crop_ratio=none"),
    edit("edit-set-rest", "photo.png", "", "--set", "tint=0.3", "--set", "vibrance=0.4", "--set",
         "whites=0.2", "--set", "blacks=-0.2", "--set", "sharpen=0.8", "--set", "blur=0.5",
         "--set", "grain=0.2", "--seed", "9"),
)  # fmt: skip

_KINDS = (
    edit("kind-grey", "grey.png", "brighter", "--count", "2"),
    edit("kind-grey-sepia", "grey.png", "sepia", "--count", "1"),
    edit("kind-grey-alpha", "grey-alpha.png", "more contrast", "--count", "1"),
    edit("kind-alpha", "alpha.png", "more vivid", "--count", "2"),
    edit("kind-deep", "deep.png", "half a stop darker", "--count", "2"),
    edit("kind-deep-grey", "deep-grey.png", "deeper blacks", "--count", "1"),
    edit("kind-deep-alpha", "deep-alpha.png", "warmer", "--count", "1"),
    edit("kind-wide-profile", "wide.png", "desaturate the greens", "--count", "2"),
    edit("kind-turned-jpeg", "turned.jpg", "cooler", "--count", "1"),
    edit("kind-cmyk-jpeg", "print.jpg", "brighter", "--count", "1"),
    edit("kind-webp", "flat.webp", "brighter", "--count", "1"),
    edit("kind-gif", "palette.gif", "brighter", "--count", "1"),
    edit("kind-moving-gif", "moving.gif", "brighter", "--count", "1", text=True),
    edit("kind-tiff", "packed.tif", "brighter", "--count", "1"),
    edit("kind-palette", "palette.png", "brighter", "--count", "1"),
)

_WORDS = (
    one("black-and-white", "black and white"),
    one("split-toning", "split toning"),
    one("yellows", "mute the yellows"),
    one("reds", "brighter reds"),
    one("blues", "let the blues pop"),
    one("highlights", "recover the highlights, don't touch the shadows"),
    one("stop", "+1 stop"),
    one("numbers", "contrast +25, saturation -10"),
    one("film", "make it look like a faded old photo"),
    one("too-dark", "could you please make it less dark?"),
    one("cast", "there is a green cast, get rid of it"),
    one("vignette", "darken the corners a lot"),
    one("clarity", "more clarity but less saturation"),
    one("straighten", "straighten by 3 degrees"),
    one("rotate", "rotate left"),
    one("flip", "flip vertically, and 10 % brighter"),
    one("square", "crop to a square"),
    one("cinematic", "make it cinematic"),
)

_PLACES = (
    Case(
        "out-deep", ("edit", "photo.png", "warmer", "-o", "a/b/c", "--count", "1"), ("photo.png",)
    ),
    Case("out-here", ("edit", "photo.png", "warmer", "-o", ".", "--count", "1"), ("photo.png",)),
    Case(
        "out-again",
        ("edit", "photo.png", "cooler", "-o", "result", "--count", "1", "--json"),
        ("photo.png",),
        first=(("edit", "photo.png", "warmer", "-o", "result", "--count", "3"),),
    ),
    Case(
        "out-beside-files",
        ("edit", "photo.png", "warmer", "-o", "notes", "--count", "1", "--json"),
        ("photo.png",),
        keep=(("notes/mine.txt", "mine\n"),),
    ),
)

_EXPLORED = (
    Case("explore", ("explore", "photo.png", "-o", "result", "--json"), ("photo.png",)),
    Case("explore-in-words", ("explore", "photo.png", "-o", "result", "--count", "2"),
         ("photo.png",)),
    Case("explore-options", ("explore", "grey.png", "-o", "result", "--count", "3", "--seed", "1",
         "--method", "adjust", "--prompt", "a chart", *_MASK, "--json"), ("grey.png", "mask.png")),
)  # fmt: skip

ADJUSTING = (*_EDITS, *_SELECTED, *_SET, *_KINDS, *_WORDS, *_PLACES, *_EXPLORED)
