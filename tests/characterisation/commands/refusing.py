"""What the program refuses, and how it says so."""

from __future__ import annotations

from tests.characterisation.running import Case


def no(name: str, *argv: str, inputs: tuple[str, ...] = ("photo.png",)) -> Case:
    """A refusal, told to a person."""
    return Case(f"no-{name}", argv, inputs)


def no_edit(name: str, words: str, *more: str, picture: str = "photo.png", mask: str = "") -> Case:
    """An `edit` that is refused, told as JSON."""
    argv = ("edit", picture, words, "-o", "result", *more, "--json")
    there = picture if picture not in ("missing.png", ".") else ""
    return Case(f"no-{name}", argv, tuple(filter(None, (there, mask))))


_WORDS = (
    no_edit("known-word", "add a teapot on the table"),
    no("known-word-in-words", "edit", "photo.png", "more contrasst and a dragn", "-o", "result"),
    no_edit("known-unit", "warmer by 300 kelvin"),
    no_edit("known-measure", "brighter by 3 parsecs"),
    no_edit("selection-sky", "darken the sky"),
    no("selection-spot", "edit", "photo.png", "remove this spot", "-o", "result"),
    no_edit("words", ""),
)

_FILES = (
    no_edit("file", "warmer", picture="missing.png"),
    no_edit("file-but-folder", "warmer", picture="."),
    no_edit("file-torn", "warmer", picture="torn.png"),
    no_edit("file-bomb", "warmer", picture="bomb.png"),
    no_edit("file-text", "warmer", picture="text.png"),
    no_edit("file-empty", "warmer", picture="empty.png"),
    no("file-svg", "edit", "drawing.svg", "warmer", "-o", "result", inputs=("drawing.svg",)),
    no_edit("mask", "warmer", "--selection", "missing.png"),
    no_edit("mask-small", "warmer", "--selection", "mask-small.png", mask="mask-small.png"),
    no_edit("mask-black", "warmer", "--selection", "mask-black.png", mask="mask-black.png"),
)

_OPTIONS = (
    no_edit("method", "warmer", "--method", "magic"),
    no_edit("method-without-model", "make it night", "--method", "instruct_pix2pix"),
    no_edit("method-that-begins", "warmer", "--method", "generate"),
    no_edit("setting", "", "--set", "sparkle=1"),
    no_edit("setting-of-another", "warmer", "--set", "num_inference_steps=4"),
    no_edit("setting-value", "", "--set", "exposure=bright"),
    no_edit("setting-range", "", "--set", "exposure=7"),
    no_edit("setting-switch", "", "--set", "remove_spot=perhaps"),
    no_edit("setting-numbers", "", "--set", "crop_ratio=16"),
    no("setting-without-value", "edit", "photo.png", "", "-o", "result", "--set", "exposure"),
    no_edit("count-0", "warmer", "--count", "0"),
    no_edit("count-65", "warmer", "--count", "65"),
    no_edit("count-word", "warmer", "--count", "few"),
    no_edit("seed", "warmer", "--seed", "-1"),
    no_edit("models-folder", "warmer", "--models", "nowhere"),
    no_edit("option", "warmer", "--sparkle"),
    no("output", "edit", "photo.png", "warmer"),
    no("arguments", "edit", "--json", inputs=()),
    no("explore-count", "explore", "photo.png", "-o", "result", "--count", "25", "--json"),
    no("explore-method", "explore", "photo.png", "-o", "result", "--method", "magic", "--json"),
    no("explore-seed", "explore", "photo.png", "-o", "result", "--seed", "-2"),
)

_PLACES = (
    no("output-is-file", "edit", "photo.png", "warmer", "-o", "photo.png", "--json"),
    Case(
        "no-output-with-foreign-file",
        ("edit", "photo.png", "warmer", "-o", "result", "--count", "1", "--json"),
        ("photo.png",),
        keep=(("result/01-adjust-0.png", "mine\n"),),
    ),
)

_MODELS = (
    no("generate", "generate", "a red house", "-o", "result", "--json", inputs=()),
    no("generate-size", "generate", "a red house", "-o", "result", "--size", "big", "--json"),
    no("generate-size-0", "generate", "a house", "-o", "result", "--size", "0x9"),
    no("generate-count", "generate", "a red house", "-o", "result", "--count", "99", "--json"),
    no("generate-setting", "generate", "a red house", "-o", "r", "--set", "exposure=1", "--json"),
    no("caption", "caption", "photo.png", "--json"),
    no("caption-in-words", "caption", "photo.png"),
    no("caption-count", "caption", "photo.png", "--count", "17", "--json"),
    no("caption-file", "caption", "missing.png", "--json"),
    no("suggest", "suggest", "--prompt", "a red house", "--json"),
    no("suggest-nothing", "suggest", "--json"),
    no("suggest-history", "suggest", "--prompt", "a house", "--history", "missing.json", "--json"),
    no("suggest-count", "suggest", "--prompt", "a house", "--count", "0"),
    no("rank", "rank", "photo.png", "photo.png", "--source-prompt", "a", "--target-prompt", "b",
       "--json"),
    no("rank-prompt", "rank", "photo.png", "photo.png", "--source-prompt", " ", "--target-prompt",
       "b", "--json"),
    no("rank-prompts", "rank", "photo.png", "photo.png", "--json"),
    no("rank-candidates", "rank", "photo.png", "--source-prompt", "a", "--target-prompt", "b"),
)  # fmt: skip

_PROGRAM = (
    Case("program-version", ("--version",)),
    Case("program-help", ("--help",)),
    Case("program-help-edit", ("edit", "--help")),
    Case("program-help-evaluate", ("evaluate", "starter", "--help")),
    Case("program-unknown-option", ("--nonsense",)),
    Case("program-no-command", (), no_window=True),
    Case("program-picture", ("photo.png",), ("photo.png",), no_window=True),
    Case("program-missing-picture", ("missing.png",), no_window=True),
)

REFUSING = (*_WORDS, *_FILES, *_OPTIONS, *_PLACES, *_MODELS, *_PROGRAM)
