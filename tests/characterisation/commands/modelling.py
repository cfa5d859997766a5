"""What the starter models make and say: texts exactly, numbers and pixels within a tolerance."""

from __future__ import annotations

from tests.characterisation.running import Case

BOAT = (
    "a purple boat with a yellow flag, in a meadow, at noon, clear sky, summer, seen close, "
    "flat illustration"
)
NIGHT = BOAT.replace("at noon", "at night")
_MODEL = ("--method", "instruct_pix2pix")
_STEPS = ("--set", "num_inference_steps=4")


def model(name: str, *argv: str, inputs: tuple[str, ...] = ("scene.png",), **more: object) -> Case:
    """A command with the starter models."""
    keep = more.get("keep", ())
    assert isinstance(keep, tuple)
    return Case(name, argv, inputs, "starter", loose=True, keep=keep)


_DOCTOR = (
    model("doctor", "doctor", inputs=()),
    model("doctor-json", "doctor", "--json", inputs=()),
    Case("doctor-without-models", ("doctor",)),
    Case("doctor-without-models-json", ("doctor", "--json")),
    Case("doctor-models", ("doctor", "--models", ":starter", "--json")),
    Case(
        "doctor-bad-models",
        ("doctor", "--models", "mine", "--json"),
        keep=(("mine/bad/model.ckpt", "x"), ("mine/worse/config.json", "{")),
    ),
    Case("doctor-missing-folder", ("doctor", "--models", "nowhere", "--json")),
)

_SAID = (
    model("caption", "caption", "scene.png"),
    model("caption-json", "caption", "sunset.png", "--count", "2", "--json",
          inputs=("sunset.png",)),
    model("caption-one", "caption", "scene.png", "--count", "1", "--json"),
    model("caption-of-chart", "caption", "photo.png", "--json", inputs=("photo.png",)),
    model("caption-of-chart-in-words", "caption", "photo.png", inputs=("photo.png",)),
    model("suggest", "suggest", "--image", "scene.png"),
    model("suggest-json", "suggest", "--image", "scene.png", "--count", "3", "--json"),
    model("suggest-prompt", "suggest", "--prompt", BOAT, "--seed", "3", "--json", inputs=()),
    model("suggest-instruction", "suggest", "--prompt", BOAT, "--instruction", "make it nihgt",
          "--count", "2", "--json", inputs=()),
    model("suggest-history", "suggest", "--history", "steps.json", "--count", "2", "--json",
          inputs=(), keep=(("steps.json", f'[{{"instruction": "let it rain", "prompt": "{NIGHT}", '
                            '"accepted": true}, {"instruction": "add a cat", "prompt": "", '
                            '"accepted": false}]'),)),
    model("suggest-document", "suggest", "--history", "repainted.pentimento", "--count", "2",
          "--json", inputs=("repainted.pentimento",)),
    model("suggest-chart", "suggest", "--image", "photo.png", "--json", inputs=("photo.png",)),
)  # fmt: skip

_REPAINTED = (
    model("repaint", "edit", "scene.png", "make it night", "-o", "result", *_MODEL, *_STEPS,
          "--count", "2", "--json"),
    model("repaint-in-words", "edit", "scene.png", "make it night", "-o", "result", "--count",
          "1"),
    model("repaint-captions", "edit", "scene.png", "make it night", "-o", "result", *_MODEL,
          *_STEPS, "--count", "1", "--seed", "4", "--source-prompt", BOAT, "--target-prompt",
          NIGHT, "--json"),
    model("repaint-selection", "edit", "scene.png", "make it night", "-o", "result", *_MODEL,
          *_STEPS, "--count", "1", "--selection", "scene-mask.png", "--json",
          inputs=("scene.png", "scene-mask.png")),
    model("repaint-both-methods", "edit", "scene.png", "darker", "-o", "result", "--method",
          "adjust", *_MODEL, *_STEPS, "--count", "2", "--json"),
    model("repaint-large", "edit", "large.png", "paint the boat red", "-o", "result", *_MODEL,
          *_STEPS, "--count", "1", "--json", inputs=("large.png",)),
    model("repaint-question", "edit", "scene.png", "paint it red", "-o", "result", *_MODEL,
          *_STEPS, "--count", "1", "--json"),
    model("repaint-question-in-words", "edit", "scene.png", "paint it red", "-o", "result",
          *_MODEL, *_STEPS, "--count", "1"),
    model("repaint-settings", "edit", "sunset.png", "remove the mushroom", "-o", "result", *_MODEL,
          *_STEPS, "--set", "guidance_scale=5", "--set", "image_guidance_scale=1.2", "--count",
          "1", "--no-rank", "--json", inputs=("sunset.png",)),
    model("repaint-chart", "edit", "photo.png", "make it night", "-o", "result", *_STEPS, *_MODEL,
          "--count", "1", inputs=("photo.png",)),
    model("adjust-scene", "edit", "scene.png", "warmer", "-o", "result", "--count", "2", "--json"),
    model("adjust-chart", "edit", "photo.png", "warmer", "-o", "result", "--count", "1", "--json",
          inputs=("photo.png",)),
    model("no-setting-of-model", "edit", "scene.png", "make it night", "-o", "result", *_STEPS,
          "--json"),
    model("repaint-gibberish", "edit", "scene.png", "qwertz uiop", "-o", "result", *_MODEL, *_STEPS,
          "--count", "1", "--json"),
    model("repaint-method-that-begins", "edit", "scene.png", "a red house", "-o", "result",
          "--method", "generate", *_STEPS, "--count", "1", "--json"),
    model("repaint-tone-only", "edit", "scene.png", "make it night, and add a cat", "-o", "result",
          "--method", "adjust", "--json"),
    model("explore-scene", "explore", "scene.png", "-o", "result", "--count", "2", "--json"),
    model("explore-scene-in-words", "explore", "scene.png", "-o", "result", "--count", "1",
          "--prompt", BOAT),
    model("explore-chart", "explore", "photo.png", "-o", "result", "--count", "2", "--json",
          inputs=("photo.png",)),
)  # fmt: skip

_DRAWN = (
    model("generate", "generate", BOAT, "-o", "result", *_STEPS, "--count", "2", "--json",
          inputs=()),
    model("generate-in-words", "generate", "a red house", "-o", "result", *_STEPS, "--count", "1",
          inputs=()),
    model("generate-options", "generate", NIGHT, "-o", "result", *_STEPS, "--set",
          "guidance_scale=3", "--count", "1", "--size", "96x64", "--seed", "11", "--json",
          inputs=()),
)  # fmt: skip

_PROMPTS = ("--source-prompt", BOAT, "--target-prompt", BOAT.replace("flag", "flag and a fence"))
_RANKED = (
    model("rank", "rank", "scene.png", "sunset.png", "scene.png", "scene-gold.png", *_PROMPTS,
          "--json", inputs=("scene.png", "sunset.png", "scene-gold.png")),
    model("rank-in-words", "rank", "scene.png", "scene-gold.png", "scene.png", *_PROMPTS,
          inputs=("scene.png", "scene-gold.png")),
    model("rank-chart", "rank", "photo.png", "alpha.png", "deep.png", "--source-prompt", "a",
          "--target-prompt", "b", "--json", inputs=("photo.png", "alpha.png", "deep.png")),
)  # fmt: skip

MODELLING = (*_DOCTOR, *_SAID, *_REPAINTED, *_DRAWN, *_RANKED)
