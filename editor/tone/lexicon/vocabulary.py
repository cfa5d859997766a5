from __future__ import annotations

DIRECTION_WORDS = """
raise + 1: inject, inject some, infuse, open, uncover, reveal, see more in, see more, show more,
    bring more, show, more of, more, increase, raise, boost, add, up, strengthen, enhance,
    amplify, heighten, bump, crank, push, pump, emphasise, emphasize, accentuate, increased,
    higher, extra, additional, stronger, greater, augment, plus, high, a higher, introduce,
    exaggerate, apply, bring out, put in, restore more, improve, lift, bring up, open up, pull
    up, raise up, lifted, turn up, push up, crank up, dial up, bump up, amp up, ramp up, boost
    up, brought up, elevate, hike, underline, expand, stretch, widen, magnify, revitalise, jack
    up, notch up, step up, turn on, maximise, maximize, build, beef up, juice up, punch up, pump
    up, deepen up, kick up, top up, advance, improve upon, bring on, tease out, coax out, draw
    out, dig out, can not see anything in, can not see much in, can not see detail in, can not
    see details in, can hardly see anything in, can not make out, can not see, hard to see, let
    me see, want to see, kick, breathe, breathe some, bring in, crank it, blast, load, load up
    on, supercharge, ramp, ramp it, boost it, turbo, reinforce, whack up, whack, chuck in, throw
    in, throw, slap on, stick on, pop in, sprinkle in, sprinkle, toss in, layer, layer on, mix
    in, blend in, bung in, breathe life, pour, pour in, drizzle, tease, coax, awaken, sneak in,
    slip in, feed in, work in, weave in, turn it up, crank it up, amp it up, pump it up, dial it
    up, ramp it up, beef it up, step it up, boost it up, bring it up, pull it up, push it up,
    lift it, lift it up, raise it, push it
lower - 1: take the edge off, take some off, smoothen down, lighten up on, hold off, less,
    reduce, lower, decrease, cut, diminish, lessen, minimise, minimize, drop, weaken, tame, tone
    down, turn down, bring down, pull down, dial down, dial back, pull back, knock back, knock
    down, take down, hold back, ease, ease off, back off, tamp down, push down, rein in, curb,
    fewer, lowered, weaker, restrain, compress, minus, calm down, low, suppress, drag down,
    scale back, cut back, cut down, go easy on, trim, attenuate, narrow, temper, slim, tone
    back, tame down, play down, downplay, moderate down, ratchet down, slash, sink, soften up
    on, draw back, a lower, least, lessened, reduced, decreased, shrink, tighten, relax, keep
    down, damp, dampen, curtail, roll off, roll back, knock, knock off, chop, cool it with, not
    as much, shave, shave off, roll down, cap, limit, ease up on, ease up, half the, quell,
    soften down, thin, thin out, shed, dull down, subdue down, wind down, wind back, peel back,
    take the heat off, dialled down, dialled back, turned down, tone it down, dial it back, dial
    it down, calm it down, turn it down, knock it back, knock it down, ease it off, rein it in,
    scale it back, play it down, tone this down, tone that down, tone everything down, cut it
    back, pull it back, hold it back, take it down, bring it down, pull it down, drop it, lower
    it, take the sting out of, take the bite out of, take the harshness out of, take the shine
    off, take the curse off, take something off
lower - 2: remove, eliminate, kill, get rid of, strip, drain, strip out, take away, lose,
    delete, erase, take out, drop out, clear, cancel, neutralise, neutralize, counteract,
    banish, ditch, suck out, scrap, cleanse of, purge, free it of, without any, eradicate,
    discard, dump, do away with, suck, wipe, undo, gone, chuck out, throw out, zap, nix, bin,
    lift out, wash away
recover + 1: recover, rescue, restore, save, bring back, retrieve, reclaim, salvage, get back,
    win back, brought back
fix + 1: take care of, do something about, mend, undo, rectify, resolve, solve, fix, correct,
    repair, adjust for, compensate for, cure, sort out, deal with, balance out, offset
verb + 1: turn, bring, take, pull, dial, push, set, nudge, move, drag, shift, put, convert,
    change, swap, tweak, slide, adjust, modify, transform, render, go, come, switch, toggle
particle + 1: up, upwards, upward
particle - 1: down, back, off, under, downwards, downward
lack + 1: lacks, lacking, lack, lacks in, missing, is missing, needs, need, needs more, wants,
    could use, could do with, short of, in need of, needing, starved of, asks for, calls for,
    requires, begging for
"""
"""`kind sign factor: words`; an indented line continues the one before."""

AMOUNT_WORDS = """
0.4: slightly, a touch, a tad, a hint, hint, a hint of, a touch of, a tad of, a whisper, a
    whisper of, a smidge, a smidgen, subtly, barely, faintly, gently, ever so slightly, just a
    touch, touch, delicately, a dash, a dash of, faint, slight, tiny bit, a tiny bit, a wee bit,
    a notch, one notch, a notch or so, minimally, a suggestion of, tad, smidge, a drop of, a
    pinch, a pinch of, lightly, marginally, a teeny bit, a hair, slightest, subtle, a subtle, a
    trace of, scarcely, mere, merely, a sprinkle of, a shade, shade, a hint more, a notch more,
    a step, one step, a fraction, fractionally, imperceptibly, hardly, a smidgen of, a wee, wee,
    a skosh, a sliver, ever so, ever so lightly, the slightest bit, tiny, a tiny, teeny, teensy,
    itsy bitsy, light handed, the tiniest, minor, minimal, a kiss of, kiss of, a kiss, a breath
    of, a suspicion of, a glimmer of, a soupcon of, a blush of, a dose of, dose of, a veil of, a
    film of, a layer of
0.5: a bit, a little, bit, a little bit, a bit of, a little bit of, little, kind of, sort of,
    kinda, mildly, mild, a bit more of, small, softly, modestly, modest, light touch, a slight,
    not too much, just a little, just a bit
0.7: somewhat, fairly, moderately, moderate, some, rather, reasonably, medium, gradually,
    partially, partly, nearly all
1.0: quite, noticeably, visibly, clearly, properly, nicely, enough of, good amount of, a good
    bit, even, still, also a, two notches, a couple of notches, a few notches
1.6: much, a lot, lots, lots of, a lot of, strongly, significantly, considerably, substantially,
    heavily, strong, far, plenty of, loads of, tons of, heavy, markedly, greatly, a great deal,
    a good deal, a whole lot, big time, lots more, really, very, so much, hugely, loads,
    definitely, pretty, majorly, seriously, heaps of, decidedly, super, vastly, aggressively,
    deeply, dramatically, by a lot, big, boldly, mega, most, enormously, tremendously,
    ridiculously, absurdly, insane, wildly more, a bunch, a good bit more, a fair bit, tons, a
    great deal more, plenty, lots and lots of, much much, a dollop of, powerfully, vividly,
    richly, thoroughly, harder, hard, coarse, bold amount of, thick, chunky, pronounced,
    obvious, hefty, generous, a big, a huge, huge, massive, major, serious, proper, real strong,
    several notches, properly, dead
2.0: way, extremely, completely, totally, fully, massively, incredibly, drastically, insanely,
    as much as possible, to the max, all the way, utterly, entirely, maximum, max, extreme,
    ultra, a ton, crazy, wildly, intensely, radically, overwhelmingly, hyper, wholly,
    absolutely, as possible, as far as possible, perfectly, the most, a hell of a lot, bloody,
    freaking, damn, to the maximum, at full
"""
"""`factor: words`."""

REGION_WORDS: dict[str, str] = {
    "shadows": """
shadows, shadow, darks, dark areas, dark parts, dark tones, dark bits, darker areas, darker parts,
darker tones, shadow areas, shadow tones, shaded areas, darkest areas, darkest parts, darkest
tones, dark regions, low tones, lows, lowlights, low lights, shadow detail, shadow details, shadow
side, dark shadows, dark spots, dark zones, shady areas, shady parts, shade, shadowed areas,
darker regions, shadowed parts, dim areas, darkness in the corners, murky areas, blackest parts,
underexposed areas, underexposed parts, toe, bottom end, low end, lower tones, lower end, bottom
tones, lower range, deep tones, dark side, shady side
""",
    "highlights": """
highlights, highlight, lights, bright areas, bright parts, bright tones, brights, light areas,
light parts, light tones, brighter areas, brighter parts, brightest areas, brightest parts,
brightest tones, highlight detail, highlight details, highlight areas, lighter areas, lighter
tones, lighter parts, bright spots, hot spots, hotspots, highs, bright regions, the brights,
speculars, overexposed areas, overexposed parts, lightest areas, lightest parts, lightest tones,
brighter parts of the picture, glare areas, reflections of light, sunny parts, brightest bits,
bright bits, light patches, bright patches, lit areas, specular highlights, hot highlights,
specular reflections, hottest areas, hottest parts, burnt areas, blown areas, blown out areas, top
end, high end, upper tones, upper end, top tones, upper range, brightest whites, brightest spots,
lightest whites, bright side, light side
""",
    "midtones": """
midtones, mids, midtone, mid tones, mid tone, middle tones, middle greys, middle grays, mid range,
midrange, middle grey, middle gray, greys, grays, neutrals
""",
    "whites": "whites, white point, white level, white levels, pure whites",
    "blacks": """
blacks, black point, black level, black levels, black tones, pure blacks, deepest shadows, darkest
shadows, darkest darks
""",
    "colours": """
colours, colors, colour, color, hues, palette, colour palette, color palette, colouring, coloring,
overall colour, overall color, tones of colour
""",
    "edges": """
edges, corners, borders, the frame, frame edges, picture edges, image edges, edges of the frame,
edges of the picture, edges of the image, edges of the photo, border, outer edges, edge,
periphery, outer parts, outside edges, sides, rim, outskirts, the four corners, corners of the
frame, corners of the picture, corners of the image, edge of the frame, frame corners
""",
}

HUE_PLURALS: dict[str, str] = {
    "red": """
reds, red tones, red colours, red colors, red hues, crimsons, scarlets, red areas, red parts
""",
    "orange": """
oranges, orange tones, orange colours, orange colors, orange hues, orange areas, ambers, browns,
brown tones, skin toned colours
""",
    "yellow": """
yellows, yellow tones, yellow colours, yellow colors, yellow hues, golds, yellow areas
""",
    "green": """
greens, green tones, green colours, green colors, green hues, green areas, greenery, foliage,
vegetation, leafy greens, foliage greens, greens of the grass
""",
    "cyan": """
cyans, teals, aquas, turquoises, cyan tones, teal tones, aqua tones, turquoise tones
""",
    "blue": "blues, blue tones, blue colours, blue colors, blue hues, blue areas, navies",
    "purple": "purples, violets, purple tones, violet tones, lavenders, purple areas, lilacs",
    "magenta": "magentas, pinks, pink tones, magenta tones, pink areas, fuchsias",
}

COLOUR_WORDS: dict[str, str] = {
    "red": """
red, crimson, scarlet, reddish, ruby, burgundy, maroon, wine, cherry, ruddy, brick red, blood red,
rusty red, wine red, redness, vermilion, carmine, mahogany, blood
""",
    "orange": """
orange, amber, peach, peachy, copper, orangey, orangish, apricot, bronze, coppery, rust, caramel,
terracotta, salmon, coral, tangerine, brown, brownish, tan, tobacco, chocolate, sienna, burnt
orange, rusty, warm brown, sandy, orangeness, champagne, orangy, coppery orange, rusty orange
""",
    "yellow": """
yellow, gold, yellowish, honey, mustard, ochre, beige, khaki, lemon yellow, golden yellow, sandy
yellow, cream coloured, straw, yellowness, yellowy, ivory, mustardy, golden toned
""",
    "green": """
green, greenish, emerald, olive, mint, minty, lime, sage, jade, forest green, olive green, emerald
green, neon green, greenness, greeny, moss green, pine green, bottle green
""",
    "cyan": """
cyan, teal, aqua, turquoise, tealish, aquamarine, blue green, sea green, teal blue, turquoise
blue, petrol, ocean blue, sea blue
""",
    "blue": """
blue, bluish, blueish, navy, azure, indigo, steel blue, sky blue, ice blue, cobalt, cerulean,
sapphire, periwinkle, midnight blue, navy blue, deep blue, dark blue, light blue, steely blue, icy
blue, blueness, bluey, slate, slate blue, steel, denim, ultramarine, prussian blue, ice cold blue,
royal blue, sky coloured
""",
    "purple": """
purple, violet, lavender, lilac, purplish, plum, mauve, aubergine, eggplant, lavender purple,
purply, mulberry
""",
    "magenta": """
magenta, pink, fuchsia, pinkish, rose, hot pink, flamingo, dusty pink, rose pink, cherry pink,
pinky, raspberry, pinkness
""",
}

COLOUR_COMPARATIVES: dict[str, str] = {
    "red": "redder, redden",
    "orange": "more orange, oranger, browner",
    "yellow": "yellower",
    "green": "greener",
    "cyan": "more teal",
    "blue": "bluer",
    "purple": "purpler",
    "magenta": "pinker",
}

RATIO_WORDS: dict[str, str] = {
    "1:1": """
square, a square, square format, 1 to 1, avatar, profile picture, album cover, instagram post
""",
    "16:9": """
widescreen, wide screen, hd format, tv format, youtube, desktop wallpaper, tv screen, youtube
thumbnail
""",
    "2.39:1": "cinemascope, anamorphic, scope, ultrawide, letterbox",
    "2:1": "panorama, panoramic, pano",
    "9:16": """
phone wallpaper, vertical video, instagram story, story format, reel, tiktok, phone screen
""",
    "portrait": """
portrait, portrait format, portrait orientation, vertical, upright format, vertical format,
instagram portrait
""",
    "landscape": "landscape format, landscape orientation, horizontal format, landscape",
    "1.618:1": "golden ratio, golden section",
    "3:2": "classic 35mm ratio",
}

UNITS_UNKNOWN = ("px", "pixel", "pixels", "k", "kelvin", "mm", "cm", "iso")
