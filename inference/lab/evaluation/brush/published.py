"""What papers report of MagicBrush's test split, to stand beside our figures as reference.

Single turns, without masks. Four rows and the figures of Pix2Pix-OnTheFly are from Santos et al.
2024 (arXiv 2403.08004), the others from Zhang et al. 2023 (MagicBrush). They are of photographs and
by CLIP ViT-B/32 and DINO ViT-S/16: no figure of drawings by another network compares with them.
"""

from __future__ import annotations

from typing import Any, Final

_COLUMNS: Final = ("l1", "l2", "clip_i", "dino", "clip_t")

_ROWS: Final[dict[str, tuple[float | None, ...]]] = {
    "InstructPix2Pix": (0.1122, 0.0371, 0.8524, 0.7428, 0.2764),
    "HIVE": (0.1092, 0.0341, 0.8519, 0.7500, 0.2752),
    "InstructPix2Pix, fine-tuned on MagicBrush": (0.0625, 0.0203, 0.9332, 0.8987, 0.2781),
    "HIVE, fine-tuned on MagicBrush": (0.0658, 0.0224, 0.9189, 0.8655, 0.2812),
    "SD-SDEdit": (0.1014, 0.0278, 0.8526, 0.7726, 0.2777),
    "Null-text inversion with Prompt-to-Prompt": (0.0749, 0.0197, 0.8827, 0.8206, 0.2737),
    "Text2LIVE": (0.0636, 0.0169, 0.9244, 0.8807, 0.2424),
    "VQGAN-CLIP": (0.2200, 0.0833, 0.6751, 0.4946, 0.3879),
    "Pix2Pix-OnTheFly, best": (None, None, 0.8310, None, 0.2817),
    "Pix2Pix-OnTheFly, gold caption": (None, None, 0.8636, None, 0.2845),
}

MARK: Final = "published, photographs"


def published_rows() -> list[dict[str, Any]]:
    """Rows with a number for each published column; what was not reported is left out."""
    return [
        {
            "name": f"{name} ({MARK})",
            **{
                column: value
                for column, value in zip(_COLUMNS, values, strict=True)
                if value is not None
            },
        }
        for name, values in _ROWS.items()
    ]
