"""`--model ROLE=ID`, and which model serves in what is printed."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli.commands import main
from tests.app.cli.cli_cases import Run, check, picture
from tests.inference import tiny_models

pytestmark = pytest.mark.filterwarnings(*tiny_models.LIBRARY_WARNINGS)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two models of each diffusion family."""
    root = tmp_path_factory.mktemp("models")
    for seed, name in enumerate(("anime", "photos")):
        tiny_models.diffusion(root / name / "ip2p", edits=True, seed=seed)
        tiny_models.diffusion(root / f"sd-{name}", edits=False, seed=seed)
    return root


def test_the_model_that_is_named_serves_and_is_recorded(
    run: Run, tmp_path: Path, models: Path
) -> None:
    words = ("generate", "a boat", "--models", models, "--count", 1,
             "--set", "num_inference_steps=1")  # fmt: skip
    made = {}
    for name in ("sd-anime", "sd-photos"):
        code, result = run(*words, "-o", tmp_path / name, "--model", f"text_to_image={name}")
        assert code == 0, result
        check("generate", result)
        (entry,) = result["candidates"]
        (ref,) = entry["models"]
        assert (ref["role"], ref["id"], ref["family"]) == (
            "text_to_image", name, "stable-diffusion",
        )  # fmt: skip
        made[name] = entry["key"]
    assert made["sd-anime"] != made["sd-photos"]


def test_equal_names_are_told_apart_and_the_reason_is_printed(
    tmp_path: Path, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["edit", str(picture(tmp_path)), "turn it into a boat", "-o", str(tmp_path / "out"),
             "--models", str(models), "--count", "1", "--no-rank",
             "--set", "num_inference_steps=1", "--method", "instruct_pix2pix"]  # fmt: skip
    assert main([*words, "--model", "instruct_pix2pix=photos/ip2p"]) == 0
    assert "photos/ip2p serves as" in capsys.readouterr().out
    assert main([*words[:4], str(tmp_path / "other"), *words[5:]]) == 0
    assert "anime/ip2p serves as" in capsys.readouterr().out


def test_doctor_says_which_serves_and_why(
    run: Run, models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, report = run("doctor", "--models", models, "--model", "text_to_image=sd-photos")
    assert code == 0
    check("doctor", report)
    served = {row["name"]: row["models"] for row in report["methods"]}
    (edits,), (draws,) = served["instruct_pix2pix"], served["generate"]
    assert (edits["id"], edits["reason"], edits["others"]) == (
        "anime/ip2p", "its name comes first of 2", 1,
    )  # fmt: skip
    assert (draws["id"], draws["reason"]) == ("sd-photos", "you chose it")
    assert served["adjust"] == []
    assert main(["doctor", "--models", str(models)]) == 0
    assert "anime/ip2p: its name comes first of 2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("choice", "sentence"),
    [
        ("text_to_image", "names no model"),
        ("=x", "names no model"),
        ("text_to_image=none", "These can serve as text_to_image: sd-anime, sd-photos."),
        ("painter=sd-anime", "There are models for these roles: instruct_pix2pix, text_to_image."),
    ],
)
def test_a_choice_that_cannot_be_is_usage(
    run: Run, models: Path, choice: str, sentence: str
) -> None:
    code, result = run("doctor", "--models", models, "--model", choice)
    assert code == 2
    error = result["error"]
    assert sentence in f"{error['message']} {error['fix']}"
