from __future__ import annotations

DIRECTION_WORDS = """
raise + 1: inject, inject some, infuse, open, uncover, reveal, see more in, see more, show more,
    bring more, show, more of, more, increase, raise, boost, add, up, strengthen, enhance,
    amplify, heighten, bump, crank, push, pump, emphasise, emphasize, accentuate, increased,
    higher, extra, additional, stronger, greater, augment, plus, high, a higher, introduce,
    exaggerate, apply, bring out, put in, restore more, improve
raise + 1: lift, bring up, open up, pull up, raise up, lifted, turn up, push up, crank up, dial
    up, bump up, amp up, ramp up, boost up, brought up
lower - 1: take the edge off, take some off, smoothen down, lighten up on, hold off, less,
    reduce, lower, decrease, cut, diminish, lessen, minimise, minimize, drop, weaken, tame, tone
    down, turn down, bring down, pull down, dial down, dial back, pull back, knock back, knock
    down, take down, hold back, ease, ease off, back off, tamp down, push down, rein in, curb,
    fewer, lowered, weaker, restrain, compress, minus, calm down, low, suppress, drag down,
    scale back, cut back, cut down, go easy on, trim
lower - 2: remove, eliminate, kill, get rid of, strip, drain, strip out, take away, lose,
    delete, erase, take out, drop out, clear, cancel, neutralise, neutralize, counteract, cut
    through, banish
recover + 1: recover, rescue, restore, save, bring back, retrieve, reclaim, salvage, get back,
    win back, brought back
fix + 1: take care of, do something about, mend, undo, rectify, resolve, solve, fix, correct,
    repair, adjust for, compensate for, cure, sort out, deal with, balance out, offset
verb + 1: turn, bring, take, pull, dial, push, set, nudge, move, drag, shift, put, convert,
    change, swap, tweak, slide, adjust, modify, transform, render, go, come, switch, toggle
particle + 1: up
particle - 1: down, back, off
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
    trace of
0.5: a bit, a little, bit, a little bit, a bit of, a little bit of, little, kind of, sort of,
    kinda, mildly, mild, a bit more of, small, softly, modestly, modest, light touch, a slight,
    not too much, just a little, just a bit
0.7: somewhat, fairly, moderately, moderate, some, rather, reasonably, medium, gradually,
    partially, partly
1.0: quite, noticeably, visibly, clearly, properly, nicely, enough of, good amount of, a good
    bit, even, still, also a
1.6: much, a lot, lots, lots of, a lot of, strongly, significantly, considerably, substantially,
    heavily, strong, far, plenty of, loads of, tons of, heavy, markedly, greatly, a great deal,
    a good deal, a whole lot, big time, lots more, really, very, so much, hugely, loads,
    definitely, pretty, majorly, seriously, heaps of, decidedly, super, vastly, aggressively,
    deeply, dramatically, by a lot, big
2.0: way, extremely, completely, totally, fully, massively, incredibly, drastically, insanely,
    as much as possible, to the max, all the way, utterly, entirely, maximum, max, extreme,
    ultra, a ton, crazy, wildly, intensely, radically, overwhelmingly, hyper
"""
"""`factor: words`."""

REGION_WORDS: dict[str, str] = {
    "shadows": """
shadows, shadow, darks, dark areas, dark parts, dark tones, dark bits, darker areas, darker parts,
darker tones, shadow areas, shadow tones, shaded areas, darkest areas, darkest parts, darkest
tones, dark regions, low tones, lows, lowlights, low lights, shadow detail, shadow details, shadow
side, dark shadows, dark spots, dark zones, shady areas, shady parts
""",
    "highlights": """
highlights, highlight, lights, bright areas, bright parts, bright tones, brights, light areas,
light parts, light tones, brighter areas, brighter parts, brightest areas, brightest parts,
brightest tones, highlight detail, highlight details, highlight areas, lighter areas, lighter
tones, lighter parts, bright spots, hot spots, hotspots, highs, bright regions, the brights,
speculars
""",
    "midtones": """
midtones, mids, midtone, mid tones, mid tone, middle tones, middle greys, middle grays, mid range,
midrange, middle grey, middle gray , greys, grays, neutrals
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
edges of the picture, edges of the image, edges of the photo, border, outer edges, edge, periphery
""",
}

HUE_PLURALS: dict[str, str] = {
    "red": """
reds, red tones, red colours, red colors, red hues, crimsons, scarlets, red areas, red parts
""",
    "orange": """
oranges, orange tones, orange colours, orange colors, orange hues, orange areas, ambers
""",
    "yellow": """
yellows, yellow tones, yellow colours, yellow colors, yellow hues, golds, yellow areas
""",
    "green": """
greens, green tones, green colours, green colors, green hues, green areas, greenery
""",
    "cyan": """
cyans, teals, aquas, turquoises, cyan tones, teal tones, aqua tones, turquoise tones
""",
    "blue": "blues, blue tones, blue colours, blue colors, blue hues, blue areas, navies",
    "purple": "purples, violets, purple tones, violet tones, lavenders, purple areas, lilacs",
    "magenta": "magentas, pinks, pink tones, magenta tones, pink areas, fuchsias",
}

COLOUR_WORDS: dict[str, str] = {
    "red": "red, crimson, scarlet, reddish, ruby",
    "orange": """
orange, amber, peach, peachy, copper, orangey, orangish, apricot, bronze, coppery, rust
""",
    "yellow": "yellow, gold, yellowish, honey, mustard",
    "green": "green, greenish, emerald, olive, mint, minty",
    "cyan": "cyan, teal, aqua, turquoise, tealish",
    "blue": "blue, bluish, blueish, navy, azure, indigo, steel blue, sky blue, ice blue",
    "purple": "purple, violet, lavender, lilac, purplish, plum, mauve",
    "magenta": "magenta, pink, fuchsia, pinkish, rose, hot pink",
}

COLOUR_COMPARATIVES: dict[str, str] = {
    "red": "redder",
    "orange": "more orange, oranger",
    "yellow": "yellower",
    "green": "greener",
    "cyan": "more teal",
    "blue": "bluer",
    "purple": "purpler",
    "magenta": "pinker",
}

RATIO_WORDS: dict[str, str] = {
    "1:1": "square, a square, square format, 1 to 1",
    "16:9": "widescreen, wide screen, hd format, tv format, youtube, desktop wallpaper",
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

PLAIN_WORDS: dict[str, str] = {
    "and": """
and, with, plus also, also, as well as, along with, together with, with, plus a, then, and then,
or, nor, followed by, after that, as well
""",
    "but": "but, yet, though, however, although, only that, while, whilst, except that, just",
    "not": """
not, do not, does not, is not, are not, was not, never, cannot, should not, must not, without
being, nothing
""",
    "no": "no, zero, none of the, free of",
    "without": "without, minus the",
    "keep": """
keep, keeping, preserve, preserving, protect, protecting, maintain, maintaining, retain,
retaining, hold, holding, leave, leaving, avoid, avoiding, respect, spare, sparing, hang on to,
hold on to, holding on to, safeguard, do not touch, do not change, do not alter, do not affect, do
not lose, do not ruin, do not mess with, do not blow, do not crush, do not clip, do not move, do
not adjust, do not let, do not damage, do not harm, do not disturb, do not modify, do not
influence, do not make, do not overdo, do not increase, do not raise, do not reduce, do not lower,
do not boost, do not add, do not remove, do not blow out, without touching, without changing,
without altering, without affecting, without losing, without ruining, without blowing, without
blowing out, without crushing, without clipping, without making, without adding, without
increasing, without reducing, without killing, without messing with, without hurting, without
destroying, without sacrificing, without damaging, without burning, without burning out, without
disturbing, without adjusting, without lowering, without raising, without boosting, without
overdoing, without modifying, without letting, without moving, without brightening, without
darkening, without getting, without it getting, without going, not touching, not changing, not
losing, rather than, instead of, not the
""",
    "asis": """
alone, as is, as it is, as they are, as it was, intact, unchanged, untouched, the same, as before,
unaffected, in place, where it is, where they are, in check, under control, safe, constant,
stable, in peace, from clipping, from blowing out, be, steady, natural looking, the way it is, the
way they are, how it is, how they are, out of it
""",
    "except": """
except, except for, apart from, other than, excluding, save for, everything but, all but,
everything except, all except, everything but the, besides
""",
    "too": """
too, overly, excessively, overly so, too much, excessive, much too, far too, way too, a bit too, a
little too, slightly too, so, unnaturally, unpleasantly, a tad too, too strong, too many
""",
    "toolittle": """
too little, too few, very little, hardly any, barely any, not much, not enough, insufficient, not
nearly enough, not quite enough
""",
    "enough": "enough, sufficiently, quite enough",
    "copula": """
is, are, was, were, looks, seems, feels, appears, seem, came out, turned out, comes out, got, has,
have, there is, there are, has got, have got, has a, reads, looking
""",
    "wish": """
make, making, made, want, wanting, should, would like, give, get, let, must, needs to, need to,
has to, would love, i would like, try, aim for, going for, create, achieve, do, produce, could
you, can you, should be, should look, wants to be, would prefer, prefer, i want, more like, needs
to be, need to be, could be, want it, how about, turn it, turn it into, turn this into, make it,
could we, let us, like, as if, as though, like it was, as if it was, as if it were, like it is, as
though it were, can be, could be, look like, look as if, i like
""",
    "cast": """
cast, colour cast, color cast, tint, tinge, tinting, tinted, tone to it, hue, wash, filter,
coloration, colouration, cast over
""",
    "lookish": """
look, looks like, mood, vibe, vibes, feel, feeling, style, tone, tones, toned, grade, grading,
colour grade, color grade, colour grading, color grading, atmosphere, ambience, ambiance,
aesthetic, effect, treatment, finish, character, quality, appearance, touch to it, process,
toning, processing, styled, styling, theme, impression, preset, graded
""",
    "split": """
split tone, split toning, split toned, split tones, splittone, split tint, split grade, duotone,
two tone, split tinted
""",
    "sunset_scene": "sunset, sunrise, sundown, dawn, daybreak, afternoon",
    "night_scene": "night, night time, nighttime, midnight, moon",
    "winter_scene": "winter, christmas",
    "autumn_scene": "autumn, fall, october",
    "summer_scene": "summer, summer time, summertime",
    "spring_scene": "spring, springtime, spring time, morning",
    "mist_scene": "mist, fog",
    "storm_scene": "storm, thunderstorm",
    "night_out": "evening, dusk",
    "crop": """
crop, cropped, cropping, trim to, format, aspect, aspect ratio, ratio, reframe, recrop, cut to,
crop to, frame as, reformat, crop down to, proportions
""",
    "straighten": """
straighten, straightening, straightened, rotate, rotating, rotated, level, levelling, leveling,
tilt, tilting, tilted, crooked, slanted, skewed, horizon, rotation, tilts, leaning, lopsided,
uneven horizon, not level, slanting, turned
""",
    "clockwise": "clockwise, cw, to the right, right, rightwards, rightward",
    "counter": """
counter clockwise, anti clockwise, counterclockwise, anticlockwise, ccw, to the left, left,
leftwards, leftward
""",
    "spot": """
spot, spots, speck, specks, blemish, blemishes, pimple, pimples, mole, moles, zit, zits, stain,
stains, scratch, scratches, dust, dust spot, dust spots, sensor dust, sensor spot, smudge,
smudges, mark, marks, scar, freckle, freckles, wire, wires, power line, power lines, cable,
cables, date stamp, timestamp, watermark, bug, crumb, crumbs, lint, flyaway hair, stray hair,
stray hairs, distraction, dot, defect, acne, flaw, dirt, hair in the corner, logo, wrinkle,
wrinkles, hot pixel, hot pixels, lens flare, thing, sign, pole, antenna, object, tattoo, spot
here, lamp post
""",
    "heal": """
heal, healing, inpaint, clone out, spot heal, retouch, retouch out, patch, paint out, fill in,
remove what is selected, remove the selection, clean up this, clean this up, fill this in, remove
selected area, remove the selected area, heal this, touch up, content aware fill, erase the
selection, rub out, wipe out, clone away, airbrush, airbrush out, make it disappear, photoshop
out, heal away, heal out, remove this bit, remove this part, erase this part, delete this part,
remove this area
""",
    "background": """
background, backdrop, behind, surroundings, everything else, the rest, outside the selection,
outside of the selection, background blur, everything around, everything behind, rest of the
picture, rest of the image, rest of the photo, the rest of it
""",
    "defocus": """
bokeh, shallow depth of field, background bokeh, portrait mode, bokeh effect, shallow focus, depth
of field effect, shallow dof, depth of field
""",
    "filler": """
the, a, an, it, its, this, that, these, those, picture, photo, photograph, image, pic, shot,
frame, scene, whole, overall, entire, everything, all, all over, to, of, in, into, on, at, for,
by, my, me, i, you, we, us, our, please, pls, plz, thanks, thank you, kindly, could, can, would,
will, would you, be, been, being, am, appear, become, becoming, getting, becomes, there, here,
maybe, perhaps, if possible, possible, possibly, hey, hi, hello, ok, okay, let me, go for, as,
such, some of, bring it, more of a, one, version, out, around, throughout, through, over, from,
onto, towards, toward, toward a, across, within, throughout the picture, than, now, currently,
right now, actually, simply, only, really would, think, i think, that is, well, well then,
honestly, basically, general, generally, in general, overall look, part, parts, area, areas,
region, regions, level, levels, value, slider, setting, amount, a set of, bits, whole thing, thing
overall, stuff, total, both, each, what, about, we are, so that, so it, which, where, who, help,
tones in, overall picture, when, any, edit, editing, editor, pixels, photos, pictures, images,
shots, selected, selection, selected area, inside, the selection, apply to, dear, just make,
again, further, first, next, finally, second, third, same time, at the same time, instead, today,
time, way to, kind, type, by about, about a, roughly, around about, approximately, approx, point,
points, ish, camera, taken, myself, something, somehow, someone, yes, wow factor, feels like,
reminiscent, reminiscent of, inspired, inspired by, straight from, straight out of, from the, were
it, old, classic, style of, days, day, back in, nice, nicer, beautiful, lovely, urban feel, set
to, more of, lights on, much of, type of, sort, picture overall, off the, photography, pictures
overall, amount of, few, other, another, then again, it all, type look, though it, i am, we want,
up a bit of, portraiture, snapshot, snap, photographic, shots of, else, feeling of, my picture,
holiday, taken at, capture, captured
""",
    "spare_only": """
keep only, only keep, keep just, keeping only, leave only, leaving only, show only, selective
colour, selective color, colour splash, color splash, only in colour, only in color
""",
}

UNITS_UNKNOWN = ("px", "pixel", "pixels", "k", "kelvin", "mm", "cm", "iso")
