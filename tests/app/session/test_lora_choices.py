from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.runtime.settings import Settings
from app.session.lora_choices import LoraChoices
from app.session.method_settings import MethodSettings
from inference.request.settings import BadSetting

GOUACHE, PAPER = Path("/loras/gouache.safetensors"), Path("/loras/paper.safetensors")


def test_a_lora_lies_over_the_models_of_every_method(tmp_path: Path, qapp: QApplication) -> None:
    methods = MethodSettings(Settings(tmp_path / "settings.json"))
    loras = LoraChoices(methods)
    assert loras.weight(GOUACHE) is None
    loras.use(GOUACHE, 0.8)
    loras.use(PAPER, 1.0)
    loras.use(GOUACHE, 0.5)
    assert (loras.weight(GOUACHE), loras.weight(PAPER)) == (0.5, 1.0)
    for method in ("instruct_pix2pix", "sdedit"):
        assert dict(methods.value(method, "lora")) == {str(GOUACHE): 0.5, str(PAPER): 1.0}
    loras.use(GOUACHE, None)
    loras.use(PAPER, None)
    assert loras.weight(PAPER) is None
    assert not methods.is_changed("sdedit")
    with pytest.raises(BadSetting):
        loras.use(PAPER, 90.0)
