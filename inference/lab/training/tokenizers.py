"""Byte-level BPE tokenizers of 2,048 pieces: CLIP's kind for pictures, GPT-2's for language.

Both are trained with `tokenizers` on captions and instructions of the storybook and on a list of
common words, so that what people write beyond the grammar is cut into syllables, not letters.
End of text has the highest id: open_clip pools at the largest id of a sequence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np

from inference.lab.storybook.edits import sample_edit
from inference.lab.storybook.instructions import instruct
from inference.lab.training.environment import prepare_libraries
from inference.starter.captions import canonical, random_caption

VOCABULARY: Final = 2048
CONTEXT: Final = 48
START: Final = "<|startoftext|>"
END: Final = "<|endoftext|>"

# Ordinary words of people who talk about pictures. Only their pieces matter, not their order.
COMMON: Final = """
the a an and or but not with without of in on at by to from for into onto over under above below
behind before beside between near far around across along through up down left right middle centre
center corner edge top bottom side front back foreground background inside outside here there where
i you we it he she they me my your our its this that these those some any all every each both none
one two three four five six seven eight nine ten first second last few many much more most less
least very too so quite rather really just only even still again once please could would should can
may might will shall must want need like love hate prefer wish let make made do does done did get
give put take keep leave have has had be is are was were been being go come turn become change
replace swap remove add delete erase drop throw hide show draw paint colour color recolour recolor
fill cover move shift place set bring pull push lift raise lower crop cut paste copy rotate flip
mirror scale resize grow shrink stretch fix correct improve adjust edit restore clean smooth blur
soften sharpen brighten darken lighten fade warm cool tint saturate desaturate invert brighter
darker lighter warmer cooler softer sharper stronger weaker deeper paler richer duller bigger
smaller larger tiny little small big large huge great tall short long wide narrow thick thin round
square flat high low deep old new young ancient modern beautiful pretty nice lovely ugly funny sad
happy calm quiet loud wild gentle strong weak soft hard rough bright dark light pale dull vivid rich
plain simple busy empty full open closed broken wet dry hot cold frozen fresh clear cloudy foggy
misty rainy snowy stormy windy sunny sun moon star stars sky cloud clouds rain snow fog mist storm
wind lightning thunder rainbow ice frost dew flake flakes drop drops sunshine moonlight starlight
daylight sunrise sunset dawn dusk noon midday morning afternoon evening night midnight today spring
summer autumn fall winter season weather day time hour red orange yellow green blue purple violet
pink white black grey gray brown gold golden silver scarlet crimson azure emerald ivory rosy beige
turquoise teal navy magenta maroon lime olive tree trees forest wood woods leaf leaves branch flower
flowers rose tulip daisy grass meadow field hill hills mountain mountains valley peak rock stone
sand desert dune beach sea seaside ocean lake river stream pond wave waves water island shore coast
cliff cave path road street lane bridge fence gate wall garden park farm village town city house
cottage home hut cabin barn castle tower lighthouse windmill mill church temple palace fortress
school shop door window roof chimney smoke lamp lantern fire flame candle boat ship sail sailboat
car bus train truck bicycle bike plane balloon kite ball umbrella parasol flag banner toy cat kitten
dog puppy bird swan duck goose hen owl horse cow sheep goat pig rabbit fox wolf bear deer mouse fish
whale frog snake bee butterfly apple pear cherry fruit mushroom toadstool cactus fir pine oak bush
hedge man woman boy girl child baby person people friend face eye eyes hair hand head hat coat dress
picture photo photograph image drawing painting sketch illustration watercolour watercolor aquarelle
pencil pen ink oil pastel crayon chalk charcoal pixel art mosaic stained glass cartoon comic poster
postcard print style look mood tone shade shadow shadows highlight highlights contrast brightness
saturation exposure temperature hue colour colours color colors texture pattern line lines shape
view close closeup distance scene place landscape portrait size detail details something anything
nothing everything thing things instead else other another same different similar kind sort type way
bit touch lot slightly strongly gently completely entirely partly almost maybe perhaps also then now
later next when while until because if as than about how what which who why yes no ok okay thanks
thank hello hi dear good better best bad worse worst fine great looks looking seen standing sitting
flying floating swimming growing shining glowing falling raining snowing covered surrounded lit
sepia vintage dramatic mysterious magical cosy cozy gloomy cheerful romantic peaceful spooky dreamy
cinematic natural realistic abstract minimal colourful colorful bold faint subtle harsh hazy crisp
grainy noisy blurry sharp exposed overcast cloudless golden glow evening weathered wooden metal
paper fabric leather velvet brick marble concrete window curtains table chair bench bridge ladder
bucket basket bottle cup plate bread cake cheese bowl book letter box clock bell ring crown sword
shield guitar piano drum music dance game garden village festival market harbour harbor canyon
waterfall jungle swamp glacier volcano crater planet rocket robot dragon unicorn fairy wizard pirate
knight princess king queen ghost pumpkin snowman scarecrow fountain statue monument skyline horizon
reflection silhouette perspective composition symmetry frame border vignette panorama depth focus
"""


def corpus(seed: int = 0, edits: int = 6000) -> list[str]:
    """Captions, instructions and common words; the same for the same seed."""
    rng = np.random.default_rng((seed, 0xB9E))
    lines = []
    for i in range(edits):
        edit = sample_edit(rng)
        lines.append(random_caption(edit.source, rng, complete=i % 2 == 0))
        lines.append(canonical(edit.target))
        lines.append(instruct(edit, rng).text)
    return lines + COMMON.split() * 20


def _merges(
    normalizer: Any, pre_tokenizer: Any, lines: Iterable[str], merges: int, suffix: str
) -> list[tuple[str, str]]:
    """The first ``merges`` merges that BPE learns from ``lines``."""
    import json

    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    ending: dict[str, Any] = {"end_of_word_suffix": suffix} if suffix else {}
    tokenizer = Tokenizer(models.BPE(**ending))
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer = pre_tokenizer
    trainer = trainers.BpeTrainer(
        vocab_size=512 + merges,
        **ending,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(lines, trainer)
    learnt = json.loads(tokenizer.to_str())["model"]["merges"]
    return [(str(a), str(b)) for a, b in learnt[:merges]]


def _vocabulary(base: Sequence[str], merges: Sequence[tuple[str, str]]) -> dict[str, int]:
    pieces = dict.fromkeys([*base, *(a + b for a, b in merges)])
    return {piece: i for i, piece in enumerate(pieces)}


def picture_tokenizer(lines: Iterable[str], size: int = VOCABULARY, context: int = CONTEXT) -> Any:
    """A stock `CLIPTokenizer`: lower case, word ends marked, padded with end of text as in SD.

    Its vocabulary is laid out as CLIP's: bytes, bytes at word ends, merges, start, end.
    """
    prepare_libraries()
    from tokenizers import pre_tokenizers
    from transformers import CLIPTokenizer

    blank = CLIPTokenizer()
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    base = [*letters, *(letter + "</w>" for letter in letters)]
    backend = blank.backend_tokenizer
    merges = _merges(backend.normalizer, backend.pre_tokenizer, lines, size - len(base) - 2, "</w>")
    vocabulary = _vocabulary(base, merges)
    for special in (START, END):
        vocabulary[special] = len(vocabulary)
    return CLIPTokenizer(vocab=vocabulary, merges=merges, model_max_length=context)


def language_tokenizer(lines: Iterable[str], size: int = VOCABULARY, context: int = 192) -> Any:
    """A stock `GPT2Tokenizer`: every byte is kept; end of text is start, end and padding."""
    prepare_libraries()
    from tokenizers import pre_tokenizers
    from transformers import GPT2Tokenizer

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    splitter = pre_tokenizers.ByteLevel(add_prefix_space=False)
    merges = _merges(None, splitter, lines, size - len(letters) - 1, "")
    vocabulary = _vocabulary(letters, merges)
    vocabulary[END] = len(vocabulary)
    return GPT2Tokenizer(
        vocab=vocabulary,
        merges=merges,
        unk_token=END,
        bos_token=END,
        eos_token=END,
        pad_token=END,
        model_max_length=context,
    )
