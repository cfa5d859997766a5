"""The screenshots of README and guide, taken from the real window by mouse and keyboard.

    python -m tests.review.docs_images [OUT [SCENE...]]

Only our own samples are seen on them. Needs Xvfb and xdotool.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.end2end.desktop import Desktop
from tests.review.docs_desktop import keep, picture, results, sample, started
from tests.review.docs_installed import installed, photographed, upscaled

ROOT = Path(__file__).resolve().parents[2]
SCENE, ASKED = "house", "make it autumn"
"""A repaint whose results reach the bar."""


def main(words: list[str]) -> int:
    out = Path(words[0]) if words else ROOT / "docs" / "images"
    only = words[1:]
    out.mkdir(parents=True, exist_ok=True)
    scenes = (
        large,
        history,
        small,
        home,
        exported,
        settings,
        models,
        repainted,
        guided,
        explored,
        previewed,
        photographed,
        said,
        storyboard,
        installed,
        upscaled,
    )
    for scene in scenes:
        if only and scene.__name__ not in only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            scene(Path(folder), out)
    return 0


def large(folder: Path, out: Path) -> None:
    with started(folder, sample("lighthouse")) as desktop:
        results(desktop, "golden hour, with deeper shadows")
        picture(desktop, out / "results-dark.png")
        desktop.key("2", "c")
        desktop.until(lambda s: s["view"] == "side", "comparison")
        picture(desktop, out / "compare-dark.png")
        desktop.key("Escape")
        desktop.until(lambda s: s["view"] == "picture", "one picture")
        keep(desktop)
        results(desktop, "sepia")
        # The fourth is the warmest: painted into the first, the mildest, it is seen.
        desktop.key("4", "1", "p")
        desktop.until(lambda s: s["painting"], "painting")
        for _ in range(2):
            desktop.key("bracketright")
        desktop.drag([(150, 560), (300, 520), (500, 600), (660, 560), (500, 640)])
        desktop.until(lambda s: s["painted"], "a stroke")
        picture(desktop, out / "paint-in.png", away=False)
        desktop.key("Escape", "Escape")
        desktop.until(lambda s: s["looked_at"] is None, "the picture")
        desktop.key("m")
        desktop.until(lambda s: s["tool"] == "rectangle", "rectangle")
        desktop.drag([(90, 60), (700, 330)])
        desktop.until(lambda s: s["selection"], "a selection")
        results(desktop, "a stop darker and cooler")
        picture(desktop, out / "selection-dark.png")
        assert desktop.quit() == 0


def history(folder: Path, out: Path) -> None:
    with Desktop(folder, settings={"theme": "light"}) as desktop:
        first = desktop.start(sample("castle"))
        for words in ("warmer, and lift the shadows a little", "a little more contrast"):
            results(desktop, words)
            keep(desktop)
        desktop.key("ctrl+z", "ctrl+z")
        desktop.until(lambda s: s["head"] == first["head"], "the root")
        results(desktop, "moody")
        keep(desktop)
        desktop.key("s")
        results(desktop, "a little cooler")
        keep(desktop)
        desktop.until(lambda s: s["suggestions"], "suggestions")
        picture(desktop, out / "history-light.png")
        assert desktop.quit() == 0


def small(folder: Path, out: Path) -> None:
    with Desktop(folder, size=(1024, 700)) as desktop:
        desktop.start(sample("boat"))
        desktop.until(lambda s: s["suggestions"], "suggestions")
        results(desktop, "brighter, but keep the highlights")
        desktop.key("i")
        picture(desktop, out / "small-dark.png")
        assert desktop.quit() == 0


def home(folder: Path, out: Path) -> None:
    """Several documents, then none: Home."""
    said = {
        "castle": "warmer",
        "cat": "a little more contrast",
        "winter": "brighter",
        "balloon": "cooler",
        "windmill": "less contrast",
        "lighthouse": "golden hour",
    }
    with Desktop(folder) as desktop:
        for name, words in said.items():
            if desktop.program is not None:
                assert desktop.quit() == 0
            desktop.start(sample(name))
            results(desktop, words)
            keep(desktop)
        results(desktop, "deeper shadows")
        keep(desktop)
        desktop.key("ctrl+w")
        desktop.until(lambda s: not s["document"], "Home")
        picture(desktop, out / "home-dark.png")
        assert desktop.quit() == 0


def exported(folder: Path, out: Path) -> None:
    """The Export page of an edited picture; it goes where the artist's pictures are."""
    pictures = folder / "Pictures"
    pictures.mkdir()
    shutil.copy(sample("winter"), pictures / "winter.png")
    with started(folder, pictures / "winter.png") as desktop:
        results(desktop, "warmer, with more contrast")
        keep(desktop)
        desktop.until(lambda s: s["suggestions"], "suggestions")
        desktop.key("ctrl+shift+e")
        desktop.until(lambda s: s["page"] == "export", "the Export page")
        picture(desktop, out / "export-dark.png")
        desktop.key("Escape")
        assert desktop.quit() == 0


def settings(folder: Path, out: Path) -> None:
    """The Shortcuts section of the settings."""
    with started(folder, sample("windmill")) as desktop:
        desktop.key("F1")
        picture(desktop, out / "settings-dark.png")
        desktop.key("Escape")
        assert desktop.quit() == 0


def models(folder: Path, out: Path) -> None:
    """The models: the catalogue, and what came with the program."""
    with Desktop(folder) as desktop:
        del desktop.env["PENTIMENTO_NO_WARMUP"]  # warm, the engine says on what it runs
        desktop.start(sample("windmill"))
        desktop.wait("engine_ready", after=1)
        desktop.key("ctrl+k")
        desktop.type("Models")
        desktop.key("Return")
        picture(desktop, out / "models-dark.png")
        desktop.key("Escape")
        assert desktop.quit() == 0


def repainted(folder: Path, out: Path) -> None:
    """The starter models at work: results forming, then ranked, and their captions."""
    with started(folder, sample(SCENE)) as desktop:
        desktop.say(ASKED)
        desktop.until(lambda s: s["stage"] == "running" and "Step 1" in s["message"], "steps")
        with Image.open(desktop.shot(desktop.folder / "now.png")) as seen:
            small = seen.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        small.save(out / "forming-dark.png", optimize=True)
        desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "results")
        picture(desktop, out / "repaint-dark.png")
        desktop.key("ctrl+shift+l")
        desktop.until(lambda s: s["page"] == "caption", "the Caption page")
        picture(desktop, out / "caption-dark.png")
        desktop.key("Escape")
        assert desktop.quit() == 0


def guided(folder: Path, out: Path) -> None:
    """The guidance pad with all of its previews."""
    with started(folder, sample("house")) as desktop:
        desktop.key("ctrl+l")
        desktop.type("make it autumn")
        ended = len(desktop.lines("job_ended"))
        desktop.key("ctrl+shift+m")
        desktop.until(lambda s: s["page"] == "method", "the settings of the method")
        desktop.wait("job_ended", after=ended + 24)  # 25 previews, perhaps Live before them
        desktop.until(
            lambda _: len(desktop.lines("job_ended")) == len(desktop.lines("job_submitted")),
            "no job is left",
        )
        picture(desktop, out / "guidance-pad-dark.png")
        desktop.key("Escape")
        assert desktop.quit() == 0


def explored(folder: Path, out: Path) -> None:
    """Live while typing, a question, Explore."""
    with started(folder, sample("house")) as desktop:
        desktop.key("ctrl+l")
        desktop.type("golden hour")
        desktop.until(lambda s: s["live"], "a live preview")
        picture(desktop, out / "live-dark.png")
        desktop.say("paint the swan gold")
        desktop.until(lambda s: s["question"], "a question")
        picture(desktop, out / "question-dark.png")
        desktop.key("Escape")
        desktop.until(lambda s: not s["question"], "no question")
        desktop.key("ctrl+l", "ctrl+a", "BackSpace", "Return")
        desktop.until(lambda s: s["stage"] == "ranked" and len(s["results"]) > 4, "explored")
        picture(desktop, out / "explore-dark.png")
        assert desktop.quit() == 0


def previewed(folder: Path, out: Path) -> None:
    """The first suggestions, drawn while nothing else runs."""
    with Desktop(folder, settings={"suggestion_previews": True}) as desktop:
        desktop.start(sample("house"))
        desktop.until(lambda s: s["suggestion_previews"] == 3, "three previews")
        picture(desktop, out / "suggestion-previews-dark.png")
        assert desktop.quit() == 0


def said(folder: Path, out: Path) -> None:
    """Say it: a request that the starter model reads, rewritten and drawn."""
    with started(folder, sample("house")) as desktop:
        desktop.key("F4")
        desktop.say("make it sunset")
        desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "a rewrite")
        picture(desktop, out / "say-it-dark.png")
        assert desktop.quit() == 0


STORY = (
    "At the edge of a meadow stood a red house with a fence. An orange cat lived there. "
    "A red balloon flew over the hills. They slept below a pink castle at sunset. "
    "At night only a blue lighthouse by the sea was awake. The first snow fell on the yellow house."
)


def storyboard(folder: Path, out: Path) -> None:
    """Ideas: the storyboard of a story, drawn by the starter models."""
    with Desktop(folder, settings={"theme": "light"}) as desktop:
        desktop.start(sample("windmill"))
        desktop.wait("engine_ready")
        desktop.until(lambda s: s["suggestions"], "suggestions")
        ended = len(desktop.lines("job_ended"))
        desktop.key("F5")
        desktop.say(STORY)
        desktop.wait("job_ended", after=ended + 5)  # prompts refused, then five moments
        desktop.until(
            lambda _: len(desktop.lines("job_ended")) == len(desktop.lines("job_submitted")),
            "no job is left",
        )
        picture(desktop, out / "ideas-light.png")
        assert desktop.quit() == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
