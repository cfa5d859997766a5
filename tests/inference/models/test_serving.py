"""Which of several models serves: the artist's choice, then domain fit, then name."""

from __future__ import annotations

from pathlib import Path

import pytest

from editor.errors import ModelMissing
from editor.model.model_ref import ModelRef
from inference.methods.generate import INFO as GENERATE
from inference.methods.instruct_pix2pix import INFO as INSTRUCT_PIX2PIX
from inference.models.found_model import FoundModel
from inference.models.model_domain import write_world
from inference.models.serving import distinct_ids, serving
from inference.models.store import ModelStore
from inference.request.model_choice import ModelChoice, chosen_id
from tests.inference.models.test_store import model, pipeline


def found(*names: str, role: str = "clip") -> list[FoundModel]:
    return [FoundModel(role, name.split("/")[-1], Path("/models") / name, (), 0) for name in names]


def test_without_a_model_none_serves() -> None:
    assert serving([]) is None


@pytest.mark.parametrize(
    ("fits", "chosen", "name", "reason"),
    [
        ({}, None, "apple", "its name comes first of 3"),
        ({}, "cherry", "cherry", "you chose it"),
        ({}, "gone", "apple", "its name comes first of 3"),
        ({"cherry": True}, None, "cherry", "it was made for pictures like this one"),
        ({"cherry": True}, "apple", "apple", "you chose it"),
        ({"apple": False}, None, "Banana", "its name comes first of 2"),
        ({"apple": False, "cherry": False}, None, "Banana", "it is limited to no kind of pictures"),
        ({"apple": True, "cherry": True}, None, "apple", "its name comes first of 2"),
    ],
)
def test_choice_then_fit_then_name(
    fits: dict[str, bool], chosen: str | None, name: str, reason: str
) -> None:
    models = found("cherry", "Banana", "apple")
    served = serving(models, chosen, lambda one: fits.get(one.id))
    assert served is not None
    assert (served.model.id, str(served.reason), served.others) == (name, reason, 2)


def test_the_only_model_is_not_looked_at() -> None:
    served = serving(found("clip"), None, lambda one: pytest.fail("one model has no rival"))
    assert served is not None
    assert str(served.reason) == "it is the only one"


def test_a_choice_for_one_method_goes_first() -> None:
    choices = (ModelChoice("r", "all"), ModelChoice("r", "one", "m"), ModelChoice("s", "other"))
    assert chosen_id(choices, "r", "m") == "one"
    assert chosen_id(choices, "r", "n") == chosen_id(choices, "r") == "all"
    assert chosen_id(choices, "t") is None


def test_equal_names_are_told_apart_by_their_folders() -> None:
    models = found("a/sd", "b/sd", "b/clip")
    hub = FoundModel("clip", "own/x", Path("models--own--x/snapshots/0123456789ab"), (), 0)
    other = FoundModel("clip", "own/x", Path("models--own--x/snapshots/ffff456789ab"), (), 0)
    names = [one.id for one in distinct_ids([*models, hub, other])]
    assert names == ["a/sd", "b/sd", "clip", "own/x@01234567", "own/x@ffff4567"]


def test_two_folders_of_one_family_stand_side_by_side(tmp_path: Path) -> None:
    for name in ("beta", "alpha"):
        pipeline(tmp_path / name, "StableDiffusionInstructPix2PixPipeline")
        (tmp_path / name / "unet" / "diffusion_pytorch_model.safetensors").write_bytes(
            (tmp_path / name / "vae" / "diffusion_pytorch_model.safetensors").read_bytes()
        )
    model(tmp_path / "beta" / "vae", "config.json", {}, "diffusion_pytorch_model.safetensors")
    store = ModelStore([tmp_path])
    assert [one.id for one in store.candidates("instruct_pix2pix")] == ["alpha", "beta"]
    assert _served(store) == "alpha"
    with store.job([ModelChoice("instruct_pix2pix", "beta")]):
        assert _served(store) == "beta"
    with store.job([ModelChoice("instruct_pix2pix", "beta", GENERATE.name)]):
        assert _served(store) == "alpha"  # chosen for another method
    with store.job([], lambda one: one.id == "beta"):
        assert _served(store) == "beta"
    assert _served(ModelStore([tmp_path], choices=[ModelChoice("instruct_pix2pix", "beta")])) == (
        "beta"
    )
    write_world(tmp_path / "alpha", "elsewhere")
    assert _served(store) == "beta"  # without a picture the general model serves


def _served(store: ModelStore) -> str:
    found = store.model("instruct_pix2pix", INSTRUCT_PIX2PIX.name)
    assert found is not None
    return found.id


def test_a_request_is_served_by_the_models_it_names_wherever_they_lie_now(tmp_path: Path) -> None:
    for name in ("alpha", "beta"):
        (tmp_path / name).mkdir()
        model(tmp_path / name, "open_clip_config.json", {}, "open_clip_model.safetensors")
    store = ModelStore([tmp_path])
    beta = next(one for one in store.found if one.id == "beta")
    ref = store.ref(beta)
    assert (ref.role, ref.id, ref.family) == ("clip", "beta", "open-clip")
    (tmp_path / "beta").rename(tmp_path / "a-new-name")
    moved = ModelStore([tmp_path])
    with moved.using([ref]):
        found = moved.model("clip")
        assert found is not None
        assert found.id == "a-new-name"
    assert moved.model("clip") == moved.candidates("clip")[0]
    gone = ModelRef("clip", "gamma", "open-clip", "00")
    with pytest.raises(ModelMissing, match="gamma"), moved.using([gone]):
        pytest.fail("nothing can be made")
