"""Models of Stable Diffusion that were distilled to draw in few steps, by their configs.

Latent consistency models (Luo et al. 2023) and trajectory consistency (Zheng et al. 2024) name a
scheduler of their own. Turbo (Sauer et al. 2023), Lightning (Lin et al. 2024) and others of their
kind begin at the last timestep ("trailing"), which models of the usual kind that predict noise were
never trained for.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

STEPS: Final = 4
_CONSISTENT: Final = {"LCMScheduler", "TCDScheduler"}
_EULER: Final = {"EulerDiscreteScheduler", "EulerAncestralDiscreteScheduler"}
_EMBEDDED_GUIDANCE: Final = 8.5
"""For networks that are given the scale: the default of diffusers' pipeline for them."""


def few_step_settings(configs: Path) -> Mapping[str, Any]:
    """The settings of a distilled model; nothing for others.

    Args:
        configs: folder of the configs of the parts.

    Raises:
        OSError, ValueError, TypeError: they cannot be read.
    """
    scheduler = _values(configs / "scheduler" / "scheduler_config.json")
    unet = _values(configs / "unet" / "config.json")
    if unet.get("time_cond_proj_dim"):
        return {"num_inference_steps": STEPS, "guidance_scale": _EMBEDDED_GUIDANCE}
    kind = scheduler.get("_class_name")
    trailing = (
        kind in _EULER
        and scheduler.get("timestep_spacing") == "trailing"
        and scheduler.get("prediction_type", "epsilon") == "epsilon"
        and not scheduler.get("rescale_betas_zero_snr")
    )
    if kind in _CONSISTENT or trailing:
        return {"num_inference_steps": STEPS, "guidance_scale": 1.0}
    return {}


def _values(file: Path) -> dict[str, Any]:
    values = json.loads(file.read_text("utf-8"))
    return dict(values)
