"""What people call models: by what they do, not by their folders."""

from __future__ import annotations

from typing import Final

from app.i18n.file_sizes import file_size_text
from app.i18n.texts import N_, tr

NAMES: Final = {
    "aesthetic": N_("Beauty rater"),
    "captioner": N_("Picture describer"),
    "chat": N_("Chat model"),
    "clip": N_("Ranker"),
    "flux_kontext": N_("Editor by instruction, FLUX.1 Kontext"),
    "inpaint": N_("Selection painter"),
    "instruct_pix2pix": N_("Editor by instruction"),
    "language": N_("Language model"),
    "preference": N_("Preference rater"),
    "segmentation": N_("Subject finder"),
    "sentence_encoder": N_("Sentence encoder"),
    "text_to_image": N_("Picture maker"),
    "upscaler": N_("Upscaler"),
}
"""By role."""

_ANY: Final = {
    "aesthetic": N_("Rates how beautiful results are."),
    "captioner": N_("Describes pictures."),
    "chat": N_("Writes suggestions and captions."),
    "clip": N_("Ranks results by your words."),
    "flux_kontext": N_("Follows an order: things, light, season, style."),
    "inpaint": N_("Redraws what is selected."),
    "instruct_pix2pix": N_("Follows an order: things, light, season, style."),
    "language": N_("Writes suggestions."),
    "preference": N_("Rates which results people would prefer."),
    "segmentation": N_("Finds people in pictures."),
    "sentence_encoder": N_("Finds the nearest in meaning among words that are known."),
    "text_to_image": N_("Makes new pictures from words."),
    "upscaler": N_("Draws pictures larger."),
}
_STORYBOOK: Final = {
    "aesthetic": N_("Rates how well storybook scenes are drawn."),
    "captioner": N_("Describes storybook scenes."),
    "clip": N_("Ranks results of storybook scenes."),
    "instruct_pix2pix": N_("Follows an order in storybook scenes."),
    "language": N_("Writes suggestions for storybook scenes."),
    "preference": N_("Rates how well storybook scenes show what they should."),
    "text_to_image": N_("Makes new storybook scenes from words."),
}


def model_name(role: str, identity: str, *, starter: bool) -> str:
    """What a model is called, as "Picture describer, starter"; others with their own name.

    Args:
        role: what it is for.
        identity: its id, "owner/name" where its folder shows it.
        starter: it came with the program.
    """
    name = tr(NAMES.get(role, role))
    if starter:
        return tr("{0}, starter").format(name)
    return f"{name}, {identity}" if identity and identity != role else name


def model_sentence(role: str, size: int, *, starter: bool) -> str:
    """What it does and how large it is, in one line.

    Args:
        role: what it is for.
        size: of its weights, bytes.
        starter: it came with the program and knows storybook scenes.
    """
    does = (_STORYBOOK if starter else _ANY).get(role) or _ANY.get(role, "")
    return " ".join(filter(None, (tr(does) if does else "", file_size_text(size))))
