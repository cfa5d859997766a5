"""The screenshots of README and guide, taken from the real window by mouse and keyboard.

    python -m tests.review.docs_images [OUT [SCENE...]]

Only our own samples are seen on them. Needs Xvfb and xdotool.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image

from app.runtime import paths
from app.session.open_document import samples
from editor.formats import open_image
from editor.model.picture import Picture
from editor.storage.document import Document
from tests.end2end.desktop import Desktop
from tests.needs import SHARED_DATA

ROOT = Path(__file__).resolve().parents[2]
LARGEST = 350_000
SCENE, ASKED = "house", "make it autumn"
"""A repaint whose results reach the bar."""
CHAT_MODEL = "smollm2-135m-instruct"
PHOTO, PHOTO_SHOWS = "photos/skimage/coffee.png", "a cup of coffee with a spoon on a wooden table"
"""Rachel Michetti, CC0; a picture that none of the starter models knows."""
UPSCALER = "dat-light-x2"
INSTALLED = (CHAT_MODEL, "selfie-segmentation", UPSCALER)
SMALL_PHOTO = "photos/skimage/chelsea.png"
"""451 × 300 pixels; Stéfan van der Walt, CC0."""


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


def sample(name: str) -> Path:
    return next(s.file for s in samples() if name in s.file.stem)


def results(desktop: Desktop, words: str) -> None:
    desktop.say(words)
    desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "results")


def keep(desktop: Desktop) -> None:
    nodes = desktop.state["nodes"]
    desktop.key("Return")
    desktop.until(lambda s: s["nodes"] > nodes and s["pixels"] and not s["words"], "a kept idea")


def picture(desktop: Desktop, where: Path, *, away: bool = True) -> None:
    """Take the screen once two pictures of it, a moment apart, are the same.

    A photograph's colours need JPEG, whose sharpness is enough for words at this quality.
    """
    if away:
        desktop.away()
    last = b""
    for _ in range(20):
        time.sleep(0.7)
        with Image.open(desktop.shot(desktop.folder / "now.png")) as seen:
            now = seen.convert("RGB")
        if now.tobytes() == last:
            break
        last = now.tobytes()
    where.parent.mkdir(parents=True, exist_ok=True)
    if where.suffix == ".jpg":
        now.save(where, quality=90, subsampling=0, optimize=True)
        print(where, where.stat().st_size)
        return
    for colours in (None, 256, 128):
        if colours is None:
            now.save(where, optimize=True)
        else:
            now.quantize(colours, dither=Image.Dither.NONE).save(where, optimize=True)
        if where.stat().st_size <= LARGEST:
            print(where, where.stat().st_size, colours)
            return
    raise SystemExit(f"{where} stays too large")


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


@contextmanager
def started(folder: Path, file: Path) -> Iterator[Desktop]:
    """The window with a picture, once the engine is up and has suggested."""
    with Desktop(folder) as desktop:
        desktop.start(file)
        desktop.wait("engine_ready")
        desktop.until(lambda s: s["suggestions"], "suggestions")
        yield desktop


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


def photographed(folder: Path, out: Path) -> None:
    """Suggestions for a photograph by SmolLM2, where it is installed, with a caption in words."""
    photo = SHARED_DATA / PHOTO
    if not has(photo, CHAT_MODEL):
        return
    with Desktop(folder) as desktop:
        take_models(desktop, CHAT_MODEL)
        desktop.start(captioned(photo, PHOTO_SHOWS, folder))
        desktop.wait("engine_ready")
        desktop.until(lambda s: s["suggestions"], "suggestions")
        picture(desktop, out / "suggestions-photograph-dark.png")
        assert desktop.quit() == 0


def installed(folder: Path, out: Path) -> None:
    """The models once three of the catalogue were installed, where they are."""
    photo = SHARED_DATA / SMALL_PHOTO
    if not has(photo, *INSTALLED):
        return
    with Desktop(folder, settings={"fetching_allowed": True}) as desktop:
        del desktop.env["PENTIMENTO_NO_WARMUP"]  # warm, the engine says on what it runs
        take_models(desktop, *INSTALLED)
        desktop.start(photo)
        desktop.wait("engine_ready", after=1)
        desktop.key("ctrl+k")
        desktop.type("Models")
        desktop.key("Return")
        picture(desktop, out / "models-installed-dark.png")
        desktop.key("Escape")
        assert desktop.quit() == 0


def upscaled(folder: Path, out: Path) -> None:
    """A small photograph drawn twice as large, beside what it was."""
    photo = SHARED_DATA / SMALL_PHOTO
    if not has(photo, UPSCALER):
        return
    with Desktop(folder) as desktop:
        take_models(desktop, UPSCALER)
        desktop.start(photo)
        desktop.wait("engine_ready")
        results(desktop, "upscale 2x")
        desktop.key("c")
        desktop.until(lambda s: s["view"] == "side", "comparison")
        desktop.wheel(310, 400, 3)
        picture(desktop, out / "upscale-window-dark.jpg")
        desktop.key("Escape")
        assert desktop.quit() == 0


def has(photo: Path, *models: str) -> bool:
    """Whether a scene can be made: a photograph and installed models are here."""
    lacking = [name for name in models if not (paths.own_models() / name).is_dir()]
    if photo.is_file() and not lacking:
        return True
    print(f"A scene is left out: it needs {', '.join((photo.name, *models))}")
    return False


def take_models(desktop: Desktop, *names: str) -> None:
    """Copy installed models into the home of a window that is not started yet."""
    for name in names:
        shutil.copytree(paths.own_models() / name, desktop.home / "models" / name)


def captioned(file: Path, caption: str, folder: Path) -> Path:
    """A document of a picture whose caption the artist has said."""
    opened = open_image(file)
    made = Document.create(Picture.of(opened.image), label=file.stem, state_dir=folder)
    made.describe(opened.image.pixel_digest, caption)
    made.flush()
    made.close()
    return made.path


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
