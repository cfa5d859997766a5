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
    "flux2_klein": N_("Editor by instruction, FLUX.2 Klein"),
    "flux_kontext": N_("Editor by instruction, FLUX.1 Kontext"),
    "inpaint": N_("Selection painter"),
    "instruct_pix2pix": N_("Editor by instruction"),
    "language": N_("Language model"),
    "preference": N_("Preference rater"),
    "qwen_image_edit": N_("Editor by instruction, Qwen-Image-Edit"),
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
    "flux2_klein": N_("Follows an order: things, light, season, style."),
    "flux_kontext": N_("Follows an order: things, light, season, style."),
    "inpaint": N_("Redraws what is selected."),
    "instruct_pix2pix": N_("Follows an order: things, light, season, style."),
    "language": N_("Writes suggestions."),
    "preference": N_("Rates which results people would prefer."),
    "qwen_image_edit": N_("Follows an order: things, light, season, style."),
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


def model_sentence(role: str, *, starter: bool) -> str:
    """What it does, in one sentence.

    Args:
        role: what it is for.
        starter: it came with the program and knows storybook scenes.
    """
    does = (_STORYBOOK if starter else _ANY).get(role) or _ANY.get(role, "")
    return tr(does) if does else ""


def share_text(done: int, total: int) -> str:
    """How much is here, as "1.2 of 2.1 GB"; without a total "310 MB"."""
    if not total:
        return file_size_text(done)
    unit, decimals = (1e9, 1) if total >= 1e9 else (1e6, 0)
    text = tr("{0} of {1} GB") if total >= 1e9 else tr("{0} of {1} MB")
    return text.format(f"{done / unit:.{decimals}f}", f"{total / unit:.{decimals}f}")


def time_text(seconds: float) -> str:
    """A time that is left, as "about 8 s" or "about 3 min"."""
    if seconds < 90:
        return tr("about {0} s").format(max(round(seconds), 1))
    return tr("about {0} min").format(round(seconds / 60))


def memory_text(size: float) -> str:
    """Memory in GB: whole ones from 10 GB on."""
    return f"{size / 1e9:.0f}" if size >= 10e9 else f"{size / 1e9:.1f}".removesuffix(".0")
