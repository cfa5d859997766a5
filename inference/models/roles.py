from __future__ import annotations

from typing import Final

from editor.messages import Message, verbatim

ROLE_NAMES = {
    "text_to_image": Message("role.text_to_image"),
    "instruct_pix2pix": Message("role.instruct_pix2pix"),
    "inpaint": Message("role.inpaint"),
    "flux_kontext": Message("role.flux_kontext"),
    "flux2_klein": Message("role.flux2_klein"),
    "qwen_image_edit": Message("role.qwen_image_edit"),
    "captioner": Message("role.captioner"),
    "language": Message("role.language"),
    "chat": Message("role.chat"),
    "clip": Message("role.clip"),
    "upscaler": Message("role.upscaler"),
    "segmentation": Message("role.segmentation"),
    "sentence_encoder": Message("role.sentence_encoder"),
    "aesthetic": Message("role.aesthetic"),
    "preference": Message("role.preference"),
}
"""What an artist calls each role."""

SUBSTITUTES: Final = {"inpaint": "text_to_image"}
"""Roles that models of another role can serve where there is none of their own."""


PROPOSED: Final = {"upscaler": "dat-light-x2", "segmentation": "selfie-segmentation"}
"""By role, the model of the catalogue to install where there is none."""


def how_to_get(role: str) -> Message:
    """What to do where no model fills a role."""
    if role in PROPOSED:
        return Message("do.install_model", id=PROPOSED[role])
    return Message("do.add_model")


def role_name(role: str) -> Message:
    """What an artist calls a role; one that is not known keeps its own name."""
    return ROLE_NAMES.get(role) or verbatim(role)
