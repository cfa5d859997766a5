from __future__ import annotations

from functools import cache

from rapidfuzz.distance import OSA

from editor.tone.lexicon.lexicon import lexicon

ORDINARY = frozenset(
    """
paint fighter castles night light right might sight tight flight shorts short shirt beach bench
bleach people purple matter batter better letter planet paper taper block clock flock crown
brown frown grown clown flower tower shower power lower slower horse house mouse mouth south
worth north whale while white where there these those their three think thing things steel steal
stone store storm story start stare stars stand stage state point print prince pride prize price
create cream crime cried class glass grass brass cross gross dress press press fresh flesh flash
crash brash trash train drain grain brain strain contest content context contact contrary wonder
under older colder golden harder border warden garden sadden hidden sudden marker market basket
casket sharp shark share shape shapes shade shades smile smoke snake spoke space spice spine
spike strike stroke strong string strips stripe horror mirror cooler cook cooking cooked cools
wolf worm warn warns wars swap swarm swamp stamp steam dream cream gleam bloom blooms broom
groom rooms moody muddy body bodily dusty rusty musty soft shift shifted lift gift gifts sift
left loft bright brigade bride bridge fridge ridge edges hedges badge crop drop crops cops
tropical typical radical medical pastel pastor castor master matte mattress softer sorter sander
saner sanders fire fairy fairly dairy daily vividly lively lovely level lever clever never fever
river zone zones tones bones phones stones vintage village pillage wintry country pantry green
greed greet great grant giant plant plants pants paints saints points points blues clues glues
gloves loves lovers lower grains trains blurs burst burn burns turns turn turned tuned tones
noise nose rose poise horses noses spotless dressed blessed vision version person prison poison
reason season treason add adds odd old bold cold gold hold sold told dull bull pull full fill
hill kill mill will well wall ball call fall hall mall tall tell bell cell sell grow glow slow
flow blow crow prow brow show snow know now how cow low row sow tow wow bow saw law raw paw jaw
draw claw sign sings signs form clam calms bold bald salad panda candle handle signal filmed
firm farm harm charm chart chat chair hair pair fair flair flare glare glance balance lance
dance chance change range strange grange singer single signature matters mat rat cat hat bat bit
hit lit kit wit pit fit sit site bite kite white quite quiet queen quilt shake shame sheep sleep
steep sweep sweet street tree free three trees bees been bean lean clear ear fear gear hear near
pear rear tear wear year swan swear spear space place plane plain planes pain paid laid land
hand sand stand grand brand band bend send sent tent went rent dent bent spent scent smart start
stark spark park bark mark market shark harsh marsh crush brush blush plush push bush rush hush
""".split()  # noqa: SIM905 -- a list of words reads best as words
)
"""Words that are close to known ones and are no misspellings of them."""


def distance(first: str, second: str, limit: int = 3) -> int:
    """Edit distance with swaps of neighbours counted once (optimal string alignment).

    What is not less than `limit` is `limit`.
    """
    return OSA.distance(first, second, score_cutoff=limit - 1)


@cache
def _spoken() -> frozenset[str]:
    """Words worth offering or correcting to: those that ask for something."""
    asking = (
        "effect",
        "region",
        "hue",
        "colour",
        "raise",
        "lower",
        "crop",
        "straighten",
        "ratio",
        "heal",
        "amount",
        "background",
        "keep",
        "without",
        "recover",
        "split",
        "lookish",
    )
    words = {w for key, term in lexicon().items() if term.kind in asking for w in key}
    return frozenset(w for w in words if len(w) >= 4)


@cache
def _correctable() -> frozenset[str]:
    """Known words that a mistyped one may be read as; things in pictures are left out."""
    small = (
        "please",
        "make",
        "picture",
        "photo",
        "image",
        "could",
        "would",
        "without",
        "everything",
    )
    return _spoken() | frozenset(small)


def corrected(word: str) -> str | None:
    """The one known word that `word` was surely meant to be, or None.

    Typing mistakes keep the first letter and are one slip away (two in long words); words that
    exist in their own right are never turned into others.
    """
    if len(word) < 4 or word in ORDINARY or not word.isascii():
        return None
    best = sorted(
        (distance(word, known), known)
        for known in _correctable()
        if known[0] == word[0] and len(known) >= 4 and abs(len(known) - len(word)) <= 2
    )
    if not best:
        return None
    cost, nearest = best[0]
    allowed = 1 if len(word) < 8 else 2
    if len(word) == 4 and sorted(word) != sorted(nearest):
        return None
    ties = {known for other, known in best if other == cost}
    if cost > allowed or (len(ties) > 1 and not _same_stem(ties)):
        return None
    return (
        nearest if len(ties) == 1 else min(ties, key=lambda known: (known not in _spoken(), known))
    )


def _same_stem(words: set[str]) -> bool:
    return len({word[:4] for word in words}) == 1


def nearest(word: str, count: int = 3) -> tuple[str, ...]:
    """The known words closest to an unknown one, best first, for the refusal."""
    near = [known for known in _spoken() if abs(len(known) - len(word)) <= 4]
    ranked = sorted(
        (distance(word, known, 12) / max(len(word), len(known)), known) for known in near
    )
    return tuple(known for cost, known in ranked[:count] if cost <= 0.6)
