from __future__ import annotations

EFFECT_WORDS: dict[str, str] = {
    # Adjectives and states: "warmer", "too dark", "it looks flat".
    "adj": """
lightness+: bright, light, luminous, radiant, brilliant, lit, well lit, lighter
lightness-: dark, dim, shadowy, dusky
contrast+: contrasty, high contrast, sharp contrast, hard contrast, deep contrast, rich
    contrast, crisp contrast, contrasted, hard, strong contrast
contrast-: flat, low contrast, even, less contrasty, gentle contrast, soft contrast
warmth+: warm, toasty, warm toned, tungsten
warmth-: cool, cold, chilly, cool toned
tint+: magenta tinted
tint-: green tinted
chroma+: saturated, colourful, colorful, vivid, highly saturated
vibrance+: vibrant
chroma-: desaturated, colourless looking, drained, subdued, restrained, low saturation, drab,
    understated, toned down, grey, gray, greyed out, grayish looking, ashen, dingy
sharpness+: sharp, well defined, in focus, defined
sharpness-: unsharp, not sharp
softness+: soft, soft focus, smooth, softly focused, gauzy
blur+: blurry, blurred, out of focus, unfocused, defocused, fuzzy
noise+: grainy, noisy, speckled, film grain
haze+: hazy
punch+: punchy, snappy, zingy, impactful
pop+: poppy
depth+: deep, dimensional, three dimensional, 3d
richness+: rich, intense, strong, lush colours, lush colors, saturated and rich
fade+: faded
matte+: matte, matt, mat, milky, chalky
harshness+: harsh, hard edged
local_contrast+: textured, clear, structured, defined texture
detail+: detailed
colourless+: black and white, monochrome, monochromatic, greyscale, grayscale, grey scale, gray
    scale, colourless, colorless, achromatic, b and w, mono, silver print, platinum print,
    platinum
sepia+: sepia, sepia toned, sepia tinted, brown toned, browned
vignette+: vignetted
whiten+: white
blacken+: black
midtones+: midtone bright
""",
    # Complaints that need no "too": "the whites are blown out".
    "flaw": """
highlights+: blown out, blown, burnt out, burned out, clipped highlights, blown highlights,
    blown out highlights, blown whites, burnt highlights, blinding, glaring, glary
clip+: clipped, clipping
lightness+: overexposed, over exposed, overlit
lightness-: underexposed, under exposed, underlit, badly lit, poorly lit, murky
shadows-: blocked up, plugged, blocked shadows, crushed shadows, crushed blacks look, inky black
haze+: muddy
punch-: dull, lifeless, lacklustre, lackluster, bland, boring, dead, lifeless looking, anaemic,
    anemic, insipid, uninspiring
chroma+: oversaturated, over saturated, garish, gaudy, lurid, overcooked, overdone
chroma-: undersaturated, under saturated
sharpness+: oversharpened, over sharpened, oversharp
contrast+: overly contrasty
warmth+: jaundiced
""",
    # Nouns: "more contrast", "some grain".
    "noun": """
lightness+: brightness, exposure, luminosity, luminance, lightness, light, illumination,
    brilliance, lighting, daylight, exposition
lightness-: darkness, gloom
contrast+: contrast, contrasts, tonal contrast, tonal range, dynamics, dynamic range, gamma
contrast-: flatness
warmth+: warmth, temperature, temp, colour temperature, color temperature, white balance, heat,
    warm tones, warm colours, warm colors, warm hues
warmth-: coolness, coldness, cool tones, cold tones, cool colours, cool colors, chill
tint+: tint slider, magenta cast
chroma+: saturation, chroma, chromaticity, colour saturation, color saturation, colourfulness,
    colorfulness, colour intensity, color intensity, vividness
vibrance+: vibrance, vibrancy
sharpness+: sharpness, sharpening, acutance, crispness, bite, edge sharpness, definition, focus
softness+: softness, smoothness, soft focus effect, diffusion
blur+: blur, gaussian blur, blurriness, fuzziness
noise+: grain, noise, film grain, graininess, film noise, digital noise, speckle, iso noise
haze+: haze, fog effect, haziness, veil, atmospheric haze
punch+: punch, impact, oomph, snap, kick, zing, sparkle, energy, wow, presence, pizzazz, zest
pop+: pop, colour pop, color pop
depth+: depth, dimension, richness of tone, three dimensionality
richness+: richness, intensity
fade+: fade
matte+: matte effect, matte finish
harshness+: harshness
local_contrast+: clarity, local contrast, structure, texture, micro contrast, microcontrast,
    midtone contrast, definition in the midtones
detail+: detail, details, fine detail, fine details
vignette+: vignette, vignetting, edge darkening, dark edges, dark corners, darkened edges,
    darkened corners, dark vignette, black vignette
highlights+: glare
sepia+: sepia tone, sepia toning, brown tones, brown tone, sepia look
vignette-: white vignette, bright vignette, light vignette edges, bright corners, bright edges
colourless+: black and white conversion
glow+: glow, orton, orton effect, bloom, halation
dramatic+: drama
moody+: moodiness, mystery
golden_hour+: golden light, golden glow, sunset warmth
noir+: film noir
hdr+: hdr
lively+: life, vitality, liveliness, vigour, vigor
sunny+: sunshine, sunlight, sun light
""",
    # Verbs: "brighten the shadows".
    "verb": """
lightness+: brighten, lighten, illuminate, light up, overexpose, relight, expose brighter
lightness-: darken, dim, underexpose, shade
contrast-: flatten
warmth+: warm, warm up, heat up
warmth-: cool, chill, cool off
chroma+: saturate, oversaturate, colour boost, intensify the colours, intensify the colors,
    enrich
chroma-: desaturate, de saturate, drain the colour, drain the color
richness+: intensify, strengthen
muted+: mute, subdue
sharpness+: sharpen, de blur, deblur, unblur, define, unsharp mask
softness+: soften, smooth, smooth out, smoothen, diffuse
blur+: blur, defocus, unfocus, bokeh
noise-: denoise, de noise, degrain, de grain, clean up, noise reduction, reduce noise
haze-: dehaze, de haze, defog
punch+: enliven, liven, pep, jazz, spice, perk
depth+: deepen
fade+: fade, bleach, wash out
matte+: mattify
clip+: crush
vignette+: vignette
colourless+: decolourise, decolorize, decolourize
whiten+: whiten
blacken+: blacken
detail+: texturise, texturize
harshness-: even out, equalise, equalize, balance the light, tone map
""",
    # Looks that artists name.
    "look": """
moody+: moody, brooding, dark and moody, atmospheric, mysterious, pensive, broody, gothic, dark
    academia
dramatic+: dramatic, epic, powerful, theatrical, striking
cinematic+: cinematic, filmic colour, movie like, film like grade, hollywood, blockbuster,
    cinema, movie, cinema like, filmic grade, netflix, movie still, film still, movie poster
teal_and_orange+: teal and orange, orange and teal, teal orange, orange teal, cinematic teal and
    orange, cinematic orange and teal, teal n orange
golden_hour+: golden hour, golden, sun kissed, sunkissed, sun drenched, sunlit, late afternoon
    sun, magic hour, honeyed, honey toned, sun soaked, sun warmed, late summer light, candlelit,
    candle lit, by candlelight, firelit, amber glow, lamplit, late afternoon, shot at golden
    hour, late afternoon light, late light, early morning light, late sun, evening sun, in
    golden hour, at golden hour, sunlight through a window, glowing gold
blue_hour+: blue hour, twilight, twilit, dusk like
moonlight+: moonlit, day for night, moonlight
sunset+: sunset like, like sunset, like a sunset, at sunset, like at sunset, like sunrise
dreamy+: dreamy, dreamlike, dream like, hazy and dreamy, fairy tale like, fairytale, fairy tale,
    romantic haze, soft and dreamy, whimsical, magical, surreal glow
glow+: glowing, glowy
airy+: airy, light and airy, bright and airy, ethereal, open and airy, weightless, delicate,
    breezy, luminous and soft, heavenly, angelic
high_key+: high key, hi key, highkey
low_key+: low key, lowkey, chiaroscuro
noir+: noir, noirish, film noir style, black and white noir, silver gelatin, tri x, ilford,
    ansel adams, hitchcock
vintage+: vintage, retro, nostalgic, seventies, 70s, 1970s, sixties, 60s, old fashioned, old
    school, polaroid, instant film, wistful, throwback, old postcard, postcard, 50s, 1950s,
    1960s, 80s, 1980s, eighties, fifties, seventies style, 90s, 1990s, nineties, heritage,
    yesteryear
film+: filmic, analogue, analog, film like, shot on film, 35mm, portra, kodak, film stock, like
    film, film
faded_film+: faded film, faded and matte, old film, expired film, faded vintage, faded retro,
    lifted and faded, faded film look, old cinema film, disposable camera, lo fi, lofi, indie,
    indie film, hipster, instagram, instagram filter, tumblr, vsco
slide_film+: kodachrome, velvia, slide film, technicolor, technicolour, ektachrome
washed_out+: washed out, bleached, bleached out, sun bleached, sun faded, washed, pale, wan,
    pallid
bleach_bypass+: bleach bypass, bleach bypassed, skip bleach
cross_processed+: cross processed, cross process, cross processing, xpro
lomo+: lomo, lomography, lomographic, toy camera, holga
hdr+: hdr like, high dynamic range
gritty+: gritty, grungy, grunge, rugged, raw and gritty, street style, rough, urban, street
    photography, industrial
crisp+: crisp, tack sharp, razor sharp, crisp and sharp, pin sharp, ultra sharp
pastel+: pastel, pastels, pastel like, candy coloured, candy colored, powdery, wes anderson,
    pastel toned, candy, sorbet, macaron
muted+: muted, subtle colours, subtle colors, soft colours, soft colors, scandinavian,
    minimalist, nordic, dusty, greyish, grayish, quiet
wintry+: wintry, winterly, wintery
autumnal+: autumnal, fall like, autumn like, fall inspired
sunny+: sunny, summery, sunshiny, mediterranean, sun filled, like a sunny day, like summer,
    tropical
fresh+: fresh, springlike, spring like, lively and fresh, refreshing
cosy+: cosy, cozy, homely, snug, inviting, welcoming, intimate, hygge
romantic+: romantic, tender, bridal
gloomy+: gloomy, sombre, somber, melancholic, melancholy, sad, bleak, depressing, dreary,
    dismal, grim, sullen, ominous, dystopian, desolate, rainy, rainy day, winter gloom, grey
    day, drab looking, murky looking, melancholy mood
eerie+: eerie, spooky, creepy, sinister, haunting, scary, ghostly, haunted, horror, menacing
cheerful+: cheerful, happy, joyful, uplifting, cheery, playful, optimistic, festive
calm+: calm, peaceful, serene, tranquil, soothing, relaxed, zen, quieter, gentle
lively+: lively, energetic, dynamic, exciting, electric, eye catching, alive
stormy+: stormy, tempestuous, thundery
misty+: misty, foggy
neon+: neon, cyberpunk, synthwave, vaporwave, blade runner, bladerunner, neon lit, futuristic
old_photo+: old photo like, antique, aged, victorian, daguerreotype, old time, old timey, like
    an old photo, like an old photograph, old photograph, western
cyanotype+: cyanotype, blueprint
silhouette+: silhouetted, silhouette
clean+: clean, crisp and clean, clean and bright, clean and crisp, pure, bright and clean, tidy,
    neat, commercial, product, catalogue, professional
earthy+: earthy, earth toned, earth tones, rustic, natural earth tones, boho
icy+: icy, frosty, arctic, frozen, glacial, steely, clinical, sterile, futuristic blue, cold and
    sterile
fiery+: fiery, burning, blazing
rosy+: rosy, blush, rose tinted, rose toned
silvery+: silvery, metallic, silver toned
velvety+: velvety, silky, creamy, buttery
bold+: bold, graphic, loud, brash
log+: log, flat profile, ungraded
overcast+: overcast, cloudy day like
green_grade+: matrix like, matrix style, matrix
lush+: lush, verdant, vibrant greens, spring greens
natural+: natural, naturally, realistic, realistically, believable, tasteful, tastefully, true
    to life, lifelike
editorial+: editorial, magazine, fashion, documentary, reportage, photojournalistic,
    journalistic, timeless, classic portrait
""",
}
"""Words of effects by grammatical form: `effect+: words` or `effect-: words`; an indented line
continues the one before."""
