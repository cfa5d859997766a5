from __future__ import annotations

from typing import Final

from editor.messages import Message, verbatim

ROLE_NAMES = {
    "text_to_image": Message("role.text_to_image"),
    "instruct_pix2pix": Message("role.instruct_pix2pix"),
    "inpaint": Message("role.inpaint"),
    "flux_kontext": Message("role.flux_kontext"),
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


def role_name(role: str) -> Message:
    """What an artist calls a role; one that is not known keeps its own name."""
    return ROLE_NAMES.get(role) or verbatim(role)
