from __future__ import annotations

PLAIN_WORDS: dict[str, str] = {
    "and": """
and, with, plus also, also, as well as, along with, together with, then, and then, or, nor,
followed by, after that, as well, and also, and maybe, and make it, and make, and perhaps, and
please, and with, and just, and give it, featuring, plus some, plus, paired with, combined with,
mixed with, meets, on top, on top of that, afterwards, coupled with, while also, whereas, neither,
using, via
""",
    "but": """
but, yet, though, however, although, only that, while, whilst, except that, just, but please, but
just, but only, but also, but still, but then, provided, as long as, yet still
""",
    "not": """
not, do not, does not, is not, are not, was not, never, cannot, should not, must not, without
being, nothing, do not let it get, not at all, do not get
""",
    "no": "no, zero, none of the, free of",
    "without": """
without, minus the, without it becoming, without it being, free from, with no
""",
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
overdoing, without modifying, without letting, without moving, without getting, without it
getting, without going, not touching, not changing, not losing, rather than, instead of, not the,
without harming, without making it, without turning, without becoming, without loosing, do not
loose, without it looking, without looking, make sure not to, do not go, not at the expense of, at
the expense of, without compromising, without spoiling, do not turn, do not burn out, do not burn,
do not want, do not kill, do not push, without pushing, without wrecking, no change to, no changes
to, no loss of, hands off, stay away from, exempt, conserve, guard, do not forget, do not spoil,
do not destroy, watch out for, mind the, be careful with, careful with, careful not to blow,
careful not to lose, taking care of, keep hold of, prevent, preventing, stop the, so that we do
not lose, do not clip the, without clipping anything, without overdoing it, do not overdo it,
without going too far, without going overboard, without going over the top, do not go overboard,
do not go too far, do not go over the top, without exaggerating, do not exaggerate
""",
    "asis": """
alone, as is, as it is, as they are, as it was, intact, unchanged, untouched, the same, as before,
unaffected, in place, where it is, where they are, in check, under control, safe, constant,
stable, in peace, from clipping, from blowing out, be, steady, natural looking, the way it is, the
way they are, how it is, how they are, out of it, the way they were, as it is now, as they are
now, exactly as, exactly as is, exactly as they are, exactly as it is, put, still, the same as
before, as natural, in range, readable, visible, intact please, unaltered, unmodified, unharmed,
pristine, untouched please, neutral, in the picture, fully, from changing, from getting, from
going, from being
""",
    "except": """
except, except for, apart from, other than, excluding, save for, everything but, all but,
everything except, all except, everything but the, besides
""",
    "too": """
too, overly, excessively, overly so, too much, excessive, much too, far too, way too, a bit too, a
little too, slightly too, so, unnaturally, unpleasantly, a tad too, too strong, too many, a touch
too, a little bit too, kind of too, just too, rather too, simply too, way way too, unbearably, a
bit overly, awfully, terribly, horribly, uncomfortably, a wee bit too, over the top, so very,
quite too, a bit much, a little much, too heavy, too heavily, so damn, so bloody, that bit too, a
fraction too, on the verge of too
""",
    "toolittle": """
too little, too few, very little, hardly any, barely any, not much, not enough, insufficient, not
nearly enough, not quite enough
""",
    "enough": "enough, sufficiently, quite enough",
    "copula": """
is, are, was, were, looks, seems, feels, appears, seem, came out, turned out, comes out, got, has,
have, there is, there are, has got, have got, reads, looking, ended up, came, appears to be, seems
to be, looks to be, is looking, are looking, is coming, comes across, comes across as, kind of
looks, has become, became, went, gets, strikes me as, has turned, has gone, have gone, has come
out, have come out, had
""",
    "wish": """
make, making, made, want, wanting, should, would like, give, get, let, must, needs to, need to,
has to, would love, i would like, try, aim for, going for, create, achieve, do, produce, could
you, can you, should be, should look, wants to be, would prefer, prefer, i want, more like, needs
to be, need to be, could be, want it, how about, turn it, turn it into, turn this into, make it,
could we, let us, like, as if, as though, like it was, as if it was, as if it were, like it is, as
though it were, can be, look like, look as if, i like, give me, gives, giving, lend, let it, lets,
make sure, i wish it were, i wish it was, ought to, i need, needed, wish, hoping for, looking for,
in search of, should have, should feel, could look, could feel, can we, can we get, would be nice,
would be better, i am after, i am going for, think, imagine, picture this, turn into, transform
into, my client wants, my client wants it, wants it, aim, aiming for, let us have, i could use, i
would love, i would love it, we need, we want, has to be, must be, to be, evoke, evoking,
evocative of, evokes, channel, suggest, suggesting, invoke, conjure, conjure up, mimic, mimicking,
emulate, emulating, simulate, simulating, imitate, imitating, replicate, recreate, resemble,
resembling, remind me of, reminds me of, that reminds me of, think of, as though taken, the kind
of, the kind you see in, the sort of, help it, help, allow, leaning towards, lean towards, lean
into, push it towards, going towards, nudge it towards, tip it towards, closer to, nearer to
""",
    "cast": """
cast, colour cast, color cast, tint, tinge, tinting, tinted, tone to it, hue, wash, filter,
coloration, colouration, cast over
""",
    "lookish": """
look, looks like, mood, vibe, vibes, feel, feeling, style, tone, tones, toned, grade, grading,
colour grade, color grade, colour grading, color grading, atmosphere, ambience, ambiance,
aesthetic, effect, treatment, finish, character, quality, appearance, touch to it, process,
toning, processing, styled, styling, theme, impression, preset, graded, scheme, wash over it, look
and feel, flavour, flavor, touch, note, undertone, undertones, air, spirit, character to it,
moods, kind of look, kind of mood, sort of look, sort of feel, colouring style, rendition,
rendering, finish to it, feels like, feel like, look like, looks a bit like, feel of, look of,
mood of, light of, colours of, colors of, palette of, tones of, the feel of, the look of, the mood
of, the light of, the colours of, the colors of, spirit of
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
    "quarter_turn": "quarter turn, quarter of a turn",
    "half_turn": """
half turn, half a turn, upside down, wrong way up, other way up, on its head
""",
    "flip": """
flip, flipped, flipping, flip over, mirror it, mirror this, mirror the picture, mirror the photo,
mirror the image, mirror this picture, mirror this photo, mirror this image, mirrored, mirroring,
mirror image, mirror horizontally, mirror vertically, mirror left to right, mirror top to bottom
""",
    "axis": "horizontally, horizontal, left to right, vertically, vertical, top to bottom",
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
such, some of, bring it, one, version, out, around, throughout, through, over, from, onto,
towards, toward, across, within, throughout the picture, than, now, currently, right now,
actually, simply, only, really would, think, i think, that is, well, well then, honestly,
basically, general, generally, in general, overall look, part, parts, area, areas, region,
regions, level, levels, value, slider, amount, a set of, bits, whole thing, thing overall, stuff,
total, both, each, what, about, we are, so that, so it, which, where, who, help, tones in, overall
picture, when, any, edit, editing, editor, pixels, photos, pictures, images, shots, selected,
selection, selected area, inside, the selection, apply to, dear, just make, again, further, first,
next, finally, second, third, same time, at the same time, instead, today, time, way to, kind,
type, by about, roughly, around about, approximately, approx, point, points, ish, camera, taken,
myself, something, somehow, someone, yes, feels like, reminiscent, reminiscent of, inspired,
inspired by, straight from, straight out of, were it, old, classic, style of, days, day, back in,
nice, nicer, beautiful, lovely, love, i love, love it, set to, more of, much of, type of, sort,
picture overall, photography, pictures overall, amount of, few, other, another, then again, it
all, type look, though it, i am, we want, up a bit of, portraiture, snapshot, snap, photographic,
shots of, else, feeling of, my picture, holiday, taken at, capture, captured, might, may, hope,
globally, everywhere, strength, extent, otherwise, complete, dear editor, quick, quickly, real,
really like, in order, order, please do, so much for, new, tonality, scheme, as in, thing is, so
i, i find, find, that i, bunch of, set of, here is, hmm, um, er, kind sir, computer please,
photoshop, lightroom, on this, to this, for this, for me, in this, on it, to it, for it, in it, of
it, of this, about this, about it, across the frame, spots of, places, place, zone, zones,
everyone, to have, having, makes, that makes, like you would, would you mind, mind, do you think,
possible please, want you, need you, so as, it would be nice, be nice, fine, result, final, final
image, original, source, output, jpg, jpeg, raw, file, setting it, mode, print version, print
ready, tonal, tonality of, away, away from, this time, once, once more, along, down there, up
there, behind it, also please, try making, try to make, i think it, seriously though, obviously,
honestly it, sunday, monday, saturday, emulation, ugly, nasty, weird, strange, horrible, awful,
terrible, bad, annoying, unpleasant, unwanted, side, aspect, it hurts, my eyes, sides of it, paper
look, simulation, imitation, anything, something about it, good old, old school type, kind of
thing, sort of thing, job, version of it, vibe to it, vibe going, from outside, lamps, from the
lamp, from the lamps, from the bulb, from indoor lighting, indoors, outdoors, indoor, outdoor,
because, between, able, sense of, a sense of, almost, nearly, mostly, especially, particularly, in
particular, above all, own, your, did, used, used to, until, world, things, likely, probably,
anyway, wait, sometimes, often, usually, typical, basic, human, expected, expect, idea, perfect,
better, best, fast, easy, because it, since, since it, as it, due, caused, draw the eye, drawing
the eye, to draw the eye, draws the eye, lead the eye, guide the eye, draw attention, draw
attention to, attention, to the centre, to the center, towards the centre, towards the center,
toward the center, into the centre, the eye, in the middle, in the centre, in the center, to the
middle, around the outside, on the outside, from below, early, hours, hour, minutes, weather,
noonday, day at, such as, some kind of, some sort of, going, go, goes, done, wanting it, here and
there, everywhere else, place where, where it, where they, wherever, ta, cheers, many thanks, much
appreciated, ready, suitable, mom says, client, boss, my client, my mom, my wife, my boss, they
say, people say, says, said, told, me that, says it is, someone said, poor, exposure wise,
contrast wise, colour wise, color wise, wise, terms of, in terms of, regarding, of all,
all in all, any chance, any chance of, chance, chance of, is it possible, is it possible to, would
it be possible, would it be possible to, do me a favour, do me a favor, favour, favor, when you
get a moment, moment, fancy, reckon, i reckon, guess, i guess, suppose, i suppose, dude, mate,
buddy, so kind as to, be so kind, be so kind as to, if you would be so kind, so kind, so i can,
see, seen, taken in, made in, taken on, taken with, shot with, shot in, shot during, sickly, in
here, on here, up here, whatever, if you like, if you want, if you will, as well please, the way,
is there a way, is there a way to, way of, i feel like, feels to me, seems to me, if anything, i
am not sure, not sure, personally, actually please, on the whole, as a whole, as it stands, at the
moment, at present, for now, left over, on the eye, on the eyes, to the eye, for the eyes, to my
eye, to my eyes, easier, from the fluorescent lights, from the lights, from the lighting,
fluorescent lights, fluorescent lighting, fluorescent light, fluorescent tubes, tungsten lights,
tungsten lighting, tungsten bulbs, office lights, office lighting, street lights, streetlights,
neon lights, strip lights, strip lighting, led lights, led lighting, light bulb, light bulbs, from
the neon, mixed lighting, heaven knows, for heavens sake, lens, camera lens, cheap lens, the lens,
corner to corner, edge to edge, shooting, shooter, photographer, forest walk, walk, cup of, moment
in, scene from, day out, trip, light through, at the beach, by the sea, by the sea side, seaside,
in the woods, in the park, window light, by the sun, in the sun, under the sun, from the sun, of
the sun, by sunlight, in sunlight, in the rain, in the snow, after the rain, after rain, under a
tree, left in the sun, left out in the sun, match, matches, matching, to match, compared, compared
to, compared with, setting, rising, fireplace, by a fireplace, by the fireplace, by a fire, by
firelight, by candle, in a field, in the city, in the country, countryside, on the beach, sting,
eyes adjust
""",
    "spare_only": """
keep only, only keep, keep just, keeping only, leave only, leaving only, show only, selective
colour, selective color, colour splash, color splash, only in colour, only in color
""",
    "vague": """
is off, are off, looks off, look off, is wrong, are wrong, looks wrong, wrong, not right, is not
right, does not look right, is a mess, needs work, needs fixing, needs help, needs some work,
needs love, needs some love, help me
""",
    "pronoun": "them, they, their, theirs, both of them, all of them",
}
"""Words by the part they play: `kind: words`; "filler" words have no effect."""
