"""Model cards: contents, training and limits of a model."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from inference.lab.training.trainer import Outcome, TrainingPlan

_WORLD: Final = (
    "Trained from nothing on the storybook world alone: illustrated scenes rendered by "
    "`inference/lab/storybook/`, drawn from a seed. No photographs, no text and no weights of "
    "others were used. One place (town) and one style (stained glass) were kept out"
)
_UNSEEN: Final = ", and an eighth of all pairs of subject and colour and of subject and place."
_RULER: Final = (
    "; pairs of subject and colour or place that the other models never see were not: a third of "
    "the pictures shows such a pair, for a ruler must be true there too."
)
_LIMITS: Final = (
    "It knows this world at 128 px and nothing else: on photographs, other subjects or other sizes "
    "its answers mean nothing. English only."
)
# Name: what it is, how it is loaded, what is special about the recipe.
_TEXTS: Final[dict[str, tuple[str, str, str]]] = {
    "autoencoder": (
        "Autoencoder of Stable Diffusion's layout: four times smaller, four latent channels",
        "diffusers.AutoencoderKL.from_pretrained(folder)",
        "L1, L1 on finite differences, faint KL; 64-px crops, then whole pictures.",
    ),
    "judge": (
        "Reads the attributes of a storybook scene; only for measuring the other models",
        "inference.lab.training.judge.load_judge(folder)",
        "Renders, noise, blur, shifts of brightness and round trips through the autoencoder. "
        "Never used in training or ranking.",
    ),
    "clip": (
        "CLIP of open_clip: ViT 6 × 256 on 16-px patches, text 4 × 192, byte-level BPE of 2,048",
        'open_clip.create_model_and_transforms("local-dir:" + folder)',
        "Half of each batch are pictures that differ in one attribute; shared attribute heads "
        "during training. Where there is a CLIP it goes on from that one.",
    ),
    "text-to-image": (
        "Stable Diffusion pipeline: UNet (32, 64, 128, 128) on latents of 4 × 32 × 32",
        "diffusers.StableDiffusionPipeline.from_pretrained(folder)",
        "ε-prediction with offset noise, one caption in ten left empty; the text tower "
        "starts as CLIP's and learns too.",
    ),
    "instruct-pix2pix": (
        "InstructPix2Pix pipeline: the text-to-image UNet with eight input channels",
        "diffusers.StableDiffusionInstructPix2PixPipeline.from_pretrained(folder)",
        "Gold pairs, five in a hundred already as asked; dropout and unscaled source latents as "
        "in the source; the text tower learns too.",
    ),
    "guided-upsampler": (
        "Draws InstructPix2Pix's edits four times as large, guided by the source: a U-Net of "
        "(64, 96, 128, 192)",
        "inference.models.guided_upsampler.load_upsampler(folder)",
        "Crops of gold edits at 512 px, shown gold through the autoencoder, what the model expects "
        "of gold under noise, and what it samples from there; L1, L1 on finite differences, SSIM, "
        "and a critic of patches that is trained beside it and not shipped.",
    ),
    "captioner": (
        "BLIP captioner: four layers of CLIP's vision, a decoder of 3 × 192",
        "transformers.BlipForConditionalGeneration.from_pretrained(folder)",
        "Says the canonical caption of a scene, which names every attribute.",
    ),
    "ranker": (
        "CLIP of open_clip: ViT 6 × 256 on 16-px patches, text 4 × 192, byte-level BPE of 2,048",
        'open_clip.create_model_and_transforms("local-dir:" + folder)',
        "A first CLIP (`--only clip`) goes on with the captioner's vision layers and two new ones "
        "above. Half of each batch are pictures that differ in one attribute; for each two more "
        "captions with one other attribute; shared attribute heads during training.",
    ),
    "reader": (
        "CLIP of open_clip: ViT 6 × 256 on 16-px patches, text 4 × 192, byte-level BPE of 2,048",
        'open_clip.create_model_and_transforms("local-dir:" + folder)',
        "A CLIP whose text tower alone went on until its embedding holds all that a caption names; "
        "`--only aligner` then brings it together with the pictures again.",
    ),
    "aligner": (
        "CLIP of open_clip: ViT 6 × 256 on 16-px patches, text 4 × 192, byte-level BPE of 2,048",
        'open_clip.create_model_and_transforms("local-dir:" + folder)',
        "The last of four recipes (`clip`, `ranker`, `reader`, `aligner`): both towers once more, "
        "half of each batch pictures that differ in one attribute, for each two more captions with "
        "one other attribute.",
    ),
    "aesthetic": (
        "Head on the starter CLIP's features, in the layout of LAION's aesthetic predictor: "
        "whether a picture is whole and well drawn",
        "inference.models.score_head.load_head(folder / 'model.safetensors')",
        "Gold edits should be preferred to spoiled copies (Bradley-Terry); the spoilings are not "
        "those of the tests. It rates damage to drawn scenes, not taste.",
    ),
    "preference": (
        "Head on the starter CLIP's features of a picture and its caption: whether it is a good "
        "picture of what the caption says",
        "inference.models.score_head.load_head(folder / 'model.safetensors')",
        "Gold edits should be preferred to spoiled copies and to gold of other captions "
        "(Bradley-Terry); the spoilings are not those of the tests.",
    ),
    "language": (
        "GPT-2 of 6 × 224 for captions after an edit, parsed edits and next edits",
        "transformers.AutoModelForCausalLM.from_pretrained(folder)",
        "Lines as `inference.starter.lines.question` writes them; instructions with slips, "
        "politeness, fillers, everyday names and verbs that are hidden. Where there is a language "
        "model it goes on from that one (the one shipped: from 2,000 steps on plainer lines).",
    ),
}


def card(name: str, parameters: int, plan: TrainingPlan, outcome: Outcome) -> str:
    """The card of a model as Markdown.

    Args:
        name: of the recipe.
        parameters: number of weights of the trained network.
        plan: what was planned.
        outcome: what was done so far.
    """
    what, load, how = _TEXTS[name]
    state = "done" if outcome.done else "under way: not for use"
    return (
        f"---\nlicense: apache-2.0\n---\n# Pentimento starter model: {name}\n\n{what}. "
        f"{parameters / 1e6:.1f} million weights, float16, averaged over training (EMA).\n\n"
        f"- Load: `{load}`\n"
        f"- Data: {_WORLD}{_RULER if name == 'judge' else _UNSEEN}\n"
        f"- Recipe: {how} AdamW, peak rate {plan.lr:g}, seed {plan.seed}; "
        f"`python -m inference.lab.training.run --only {name}` makes it again.\n"
        f"- Training: {outcome.step} of {plan.steps} steps in "
        f"{outcome.seconds / 60:.0f} minutes ({state}).\n"
        "- Figures: `docs/starter-models.md`; `pentimento evaluate starter` measures them.\n"
        f"- Limits: {_LIMITS}\n"
    )


def write_card(folder: Path, text: str) -> None:
    """The card where model hubs look for it."""
    (folder / "README.md").write_text(text, encoding="utf-8")
