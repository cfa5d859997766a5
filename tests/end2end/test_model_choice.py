"""Two models of one family and one of another in the real window: chosen in turn, and named."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from inference.request.registry import METHODS
from tests.end2end.desktop import Desktop, missing

WORDS = "make it night"
KONTEXT = 1 + [name for name, info in METHODS.items() if not info.begins].index("flux_kontext")
"""Its place in the menu of methods, which begins with Auto."""
ROLES = ("instruct_pix2pix", "flux_kontext")

pytestmark = [
    pytest.mark.display,
    pytest.mark.slow,
    pytest.mark.skipif(bool(missing()), reason=missing()),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


@pytest.fixture
def desktop(tmp_path: Path) -> Iterator[Desktop]:
    from tests.inference import tiny_models

    models = tmp_path / "home" / "models"
    for seed, name in enumerate(("a-anime", "b-photos")):
        tiny_models.diffusion(models / name, edits=True, seed=seed)
    tiny_models.flux_kontext(models / "c-kontext")
    for folder in models.iterdir():  # which model draws is what counts, not how well
        (folder / "sampling.json").write_text(json.dumps({"num_inference_steps": 3}), "utf-8")
    with Desktop(tmp_path, settings={"count": 1}) as desktop:
        yield desktop
        text = desktop.log.read_text("utf-8", "replace") if desktop.log.exists() else ""
        assert "Traceback" not in text, text


def test_models_are_chosen_in_turn_and_named_in_the_history(desktop: Desktop) -> None:
    document = desktop.start()["document"]
    desktop.until(lambda s: s.get("model") == "Any model", "a choice of models")
    for number, name in ((2, "a-anime"), (3, "b-photos")):
        nodes = desktop.state["nodes"]
        desktop.key("ctrl+l")
        desktop.until(lambda s: s["focus"] == "prompt", "focus in the box")
        desktop.key("Tab", "Tab")
        desktop.until(lambda s: s["focus"] == "model", "focus on the choice of a model")
        desktop.key("space", *["Down"] * number, "Return")
        desktop.until(lambda s, name=name: s.get("model") == name, "another model")  # type: ignore[misc]
        desktop.say(WORDS)
        desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "ranked results")
        desktop.key("Return")
        desktop.until(lambda s, n=nodes: s["nodes"] > n and s["pixels"], "a kept idea")  # type: ignore[misc]
    nodes = desktop.state["nodes"]
    desktop.key("ctrl+l")
    desktop.until(lambda s: s["focus"] == "prompt", "focus in the box")
    desktop.key("Tab")
    desktop.until(lambda s: s["focus"] == "method", "focus on the choice of a method")
    desktop.key("space", *["Down"] * KONTEXT, "Return")
    desktop.say(WORDS)
    desktop.until(lambda s: s["stage"] == "ranked" and s["looked_at"], "ranked results")
    desktop.key("Return")
    desktop.until(lambda s: s["nodes"] > nodes and s["pixels"], "a kept idea")
    assert desktop.quit() == 0
    tree = json.loads(desktop.run("history", document, "--json"))
    made = [
        {model["id"] for model in candidate["models"] if model["role"] in ROLES}
        for node in tree["nodes"]
        for candidate in node["candidates"]
        if candidate["chosen"]
    ]
    assert made == [{"a-anime"}, {"b-photos"}, {"c-kontext"}]
