from __future__ import annotations

EFFECT_WORDS: dict[str, str] = {
    # Adjectives and states: "warmer", "too dark", "it looks flat".
    "adj": """
lightness+: bright, light, luminous, radiant, brilliant, well lit, lighter, backlit, brilliant
    white, sunlit bright, well exposed, better lit, well lit up
lightness-: dark, dim, shadowy, dusky
contrast+: contrasty, high contrast, sharp contrast, hard contrast, deep contrast, rich
    contrast, crisp contrast, contrasted, hard, strong contrast, hard hitting, crunchy contrast
contrast-: flat, low contrast, even, less contrasty, gentle contrast, soft contrast, gentle on
    contrast, thin, weak
warmth+: warm, toasty, warm toned, tungsten, sun warm, tanned, bronzed
warmth-: cool, cold, chilly, cool toned
tint+: magenta tinted
tint-: green tinted
chroma+: saturated, colourful, colorful, vivid, highly saturated, jewel toned, jewel like,
    jewelled, gem like, kaleidoscopic, jewel, zesty, exotic, fruity
vibrance+: vibrant
chroma-: desaturated, colourless looking, drained, subdued, restrained, low saturation, drab,
    understated, toned down, grey, gray, greyed out, grayish looking, ashen, dingy, unsaturated,
    ashy, charcoal, leached, bled, stripped back, pared back, dialled back, reserved, mousy,
    colour drained, sapped, threadbare
sharpness+: sharp, well defined, in focus, defined
sharpness-: unsharp, not sharp
softness+: soft, soft focus, smooth, softly focused, gauzy, buttery soft, feathered
blur+: blurry, blurred, out of focus, unfocused, defocused, fuzzy, shaky
noise+: grainy, noisy, speckled, film grain, pixelated, speckly
haze+: hazy, smoky, smokey, misted, veiled
punch+: punchy, snappy, zingy, impactful, lustrous, shimmering, sparkling, beefy, meaty, juicy,
    poppier, electrifying, explosive, crunchy
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
blacken+: black, inky, jet black, pitch black, true black, coal black
midtones+: midtone bright
""",
    # Complaints that need no "too": "the whites are blown out".
    "flaw": """
highlights+: blown out, blown, burnt out, burned out, clipped highlights, blown highlights,
    blown out highlights, blown whites, burnt highlights, blinding, glaring, glary, blowing out,
    blow out, blowing, burning out, bleached out highlights, nuked, fried, scorched, torched,
    cooked, burned up, bleached to white, washed out highlights, paper white, white hot, nuclear
    white, blasted
clip+: clipped, clipping, lost, swallowed, gone completely, swallowed up, featureless, empty,
    crushed to black, blocked, plugged up, blocky, solid black, pure black
lightness+: overexposed, over exposed, overlit, hurts my eyes, hurts the eyes, eye searing,
    overexposure, excess light
lightness-: underexposed, under exposed, underlit, badly lit, poorly lit, murky, gloomy looking,
    badly exposed, underexposure, lack of light
shadows-: blocked up, plugged, blocked shadows, crushed shadows, crushed blacks look, inky
    black, lost in shadow, lost in shadows, lost in darkness, lost in the dark, swallowed by the
    dark, drowning in shadow, swallowed by shadow, swallowed by darkness
haze+: muddy, dirty, smeared, dirty looking
punch-: dull, lifeless, lacklustre, lackluster, bland, boring, dead, lifeless looking, anaemic,
    anemic, insipid, uninspiring, feeble, weak looking, lackluster looking, plain, tired, sad
    looking, meh, uninteresting, wishy washy, so so, stale
chroma+: oversaturated, over saturated, garish, gaudy, lurid, overcooked, overdone,
    overpowering, overwhelming, tacky, kitschy, overprocessed, over processed, fake, artificial,
    plastic, unnatural, unreal, too much colour, shouting, screaming, radioactive, nuclear,
    toxic, acidic, poisonous, shouty, searing, eye watering, dayglo, plasticky, artificial
    looking, synthetic, cartoonish, cartoony, overblown, candy coated, hypersaturated, hyper
    saturated, over vivid, too vivid by half, aggressive, violent, brash looking
chroma-: undersaturated, under saturated
sharpness+: oversharpened, over sharpened, oversharp
contrast+: overly contrasty
warmth+: jaundiced
softness+: mushy, smeary
""",
    # Nouns: "more contrast", "some grain".
    "noun": """
lightness+: brightness, exposure, luminosity, luminance, lightness, light, illumination,
    brilliance, lighting, daylight, exposition, radiance, glare light, brilliance of light
lightness-: darkness, gloom, gloominess, dimness, murk
contrast+: contrast, contrasts, tonal contrast, tonal range, dynamics, dynamic range, gamma,
    tonality contrast, separation, tonal separation, s curve, s shaped curve, tone contrast
contrast-: flatness
warmth+: warmth, temperature, temp, colour temperature, color temperature, white balance, heat,
    warm tones, warm colours, warm colors, warm hues
warmth-: coolness, coldness, cool tones, cold tones, cool colours, cool colors, chill
tint+: tint slider, magenta cast
chroma+: saturation, chroma, chromaticity, colour saturation, color saturation, colourfulness,
    colorfulness, colour intensity, color intensity, vividness, colour strength, color strength,
    sat
vibrance+: vibrance, vibrancy
sharpness+: sharpness, sharpening, acutance, crispness, bite, edge sharpness, definition, focus,
    high pass sharpening, bite in the details
softness+: softness, smoothness, soft focus effect, diffusion
blur+: blur, gaussian blur, blurriness, fuzziness
noise+: grain, noise, film grain, graininess, film noise, digital noise, speckle, iso noise,
    luminance noise, colour noise, color noise, chroma noise
haze+: haze, fog effect, haziness, veil, atmospheric haze
punch+: punch, impact, oomph, snap, kick, zing, sparkle, energy, wow, presence, pizzazz, zest,
    lustre, luster, sheen, shine, polish, glimmer, sizzle, wow effect, bang, verve, pep, wow
    factor
pop+: pop, colour pop, color pop
depth+: depth, dimension, richness of tone, three dimensionality, body, weight, substance
richness+: richness, intensity
fade+: fade, fading, wash
matte+: matte effect, matte finish, film fade
harshness+: harshness
local_contrast+: clarity, local contrast, structure, texture, micro contrast, microcontrast,
    midtone contrast, definition in the midtones
detail+: detail, details, fine detail, fine details
vignette+: vignette, vignetting, edge darkening, dark edges, dark corners, darkened edges,
    darkened corners, dark vignette, black vignette, fall off, light fall off, falloff, light
    falloff
highlights+: glare, sheen on the highlights, specular glare
sepia+: sepia tone, sepia toning, sepia look
vignette-: white vignette, bright vignette, light vignette edges, bright corners, bright edges,
    reverse vignette, inverse vignette, negative vignette, inverted vignette, anti vignette,
    pale vignette, pale edges, pale corners, light corners, light edges
colourless+: black and white conversion
glow+: glow, orton, orton effect, bloom, halation, softglow, sun flare, light leak glow,
    shimmer, luminosity glow
dramatic+: drama
moody+: moodiness, mystery
golden_hour+: golden light, golden glow, sunset warmth
noir+: film noir
hdr+: hdr
lively+: life, vitality, liveliness, vigour, vigor
sunny+: sunshine, sunlight, sun light, some sun, more sun, bit of sun, a bit of sun, the sun in,
    sun in, touch of sun, a touch of sun, a dose of sunshine, dose of sunshine, ray of sunshine,
    a ray of sunshine, summer sun, holiday sun, a little sun, little sun, some more sun, bit
    more sun
crisp+: crunch
gritty+: grit, edge to it, some edge, more edge, grunginess
vintage+: nostalgia, patina, vintage charm, age
romantic+: romance, tenderness
gloomy+: melancholy feeling, sadness, dread, despair, gloom
eerie+: menace, suspense, tension, danger, horror film feel
cheerful+: joy, happiness, cheer, cheerfulness, optimism
calm+: serenity, calmness, tranquillity, tranquility, peace
dreamy+: dreaminess, magic, wonder, dream, romance and dream, a dream, old memory, distant
    memory, memory, childhood memory, fairy dust
airy+: airiness, air, breath, breathing room
cosy+: cosiness, coziness, intimacy
cinematic+: cinema feel
bold+: spice, spark, wallop, pzazz, fire in it, clout
""",
    # Verbs: "brighten the shadows".
    "verb": """
lightness+: brighten, lighten, illuminate, light up, overexpose, relight, expose brighter,
    dodge, expose, overexpose slightly, over expose, over brighten
lightness-: darken, dim, underexpose, shade, burn, under expose
contrast-: flatten, compress the contrast
warmth+: warm, warm up, heat up, toast
warmth-: cool, chill, cool off
chroma+: saturate, oversaturate, colour boost, intensify the colours, intensify the colors,
    enrich, over saturate, overcook
chroma-: desaturate, de saturate, drain the colour, drain the color, de saturate completely,
    desat, leach, bleed, sap
richness+: intensify, strengthen
muted+: mute, subdue
sharpness+: sharpen, de blur, deblur, unblur, define, unsharp mask, refine, clarify, high pass,
    high pass sharpen, oversharpen, over sharpen
softness+: soften, smooth, smooth out, smoothen, diffuse
blur+: blur, defocus, unfocus, bokeh
noise-: denoise, de noise, degrain, de grain, clean up, noise reduction, reduce noise
haze-: dehaze, de haze, defog, clear up, clear away, lift the haze, lift the fog, lift the veil,
    lift that haze, lift the mist, lift some of the haze, burn off, burn through, clear the air,
    blow away, get through, see through, cut through
punch+: enliven, liven, pep, jazz, spice, perk, refresh, freshen, revive, rejuvenate, resurrect,
    wake, juice, vivify
depth+: deepen
fade+: fade, bleach, wash out, age, rinse, dilute, bleach out
matte+: mattify
clip+: crush
vignette+: vignette
colourless+: decolourise, decolorize, decolourize
whiten+: whiten
blacken+: blacken
detail+: texturise, texturize, refine details
harshness-: even out, equalise, equalize, balance the light, tone map, smooth the contrast
local_contrast+: define edges
vibrance+: invigorate
contrast+: steepen, overprocess
pop+: sing, shine, stand out, come alive, come forward, jump out, leap out, step forward, catch
    the eye, come through, be noticed, dominate, sparkle, gleam, glisten, glint, glimmer,
    shimmer, twinkle, dazzle, catch the light, ping, zing, burst, glow up
lively+: bring it to life, bring to life, wake it up, breathe life into, breathe life into it,
    breathe some life into, breathe some life into it, bring this to life, bring it alive
harshness+: harden
""",
    # Looks that artists name.
    "look": """
moody+: moody, brooding, dark and moody, atmospheric, mysterious, pensive, broody, gothic, dark
    academia
dramatic+: dramatic, epic, powerful, theatrical, striking
cinematic+: cinematic, filmic colour, movie like, film like grade, hollywood, blockbuster,
    cinema, movie, cinema like, filmic grade, netflix, movie still, film still, movie poster,
    bollywood, thriller, epic movie, wong kar wai, tarantino, hitchcock like, kubrick, film
    look, movie look, anime like, movie grade, directors cut, spielberg
teal_and_orange+: teal and orange, orange and teal, teal orange, orange teal, cinematic teal and
    orange, cinematic orange and teal, teal n orange
golden_hour+: golden hour, golden, sun kissed, sunkissed, sun drenched, sunlit, late afternoon
    sun, magic hour, honeyed, honey toned, sun soaked, sun warmed, late summer light, candlelit,
    candle lit, by candlelight, firelit, amber glow, lamplit, late afternoon, shot at golden
    hour, late afternoon light, late light, early morning light, late sun, evening sun, in
    golden hour, at golden hour, sunlight through a window, glowing gold, firelight, lamplight,
    starlit glow, evening light, warm evening, warm evening light, gilded, midsummer, honey,
    tuscan, indian summer, lantern light, by the fire, fireside, morning sun, sun through,
    candlelight, by candle light, candle light, lit by candlelight, lit by candles, summer
    evening, warm summer evening, summers evening, autumn evening, last light, lit by fire, warm
    evening sun, bathed in sunlight, bathed in golden light, bathed in light, embers, hearth,
    campfire, by the hearth, sahara, tequila sunrise, spiced, candle glow, lantern lit, sodium,
    amber light
blue_hour+: blue hour, twilight, twilit, dusk like, winter evening, late evening, early evening,
    nightfall, at dusk
moonlight+: moonlit, day for night, moonlight
sunset+: sunset like, like sunset, like a sunset, at sunset, like at sunset, like sunrise
dreamy+: dreamy, dreamlike, dream like, hazy and dreamy, fairy tale like, fairytale, fairy tale,
    romantic haze, soft and dreamy, whimsical, magical, surreal glow, painterly, watercolour,
    watercolor, watercolour like, impressionist, impressionistic, sleepy, floaty and soft,
    mystical, enchanted, surreal, hamilton, soft fantasy
glow+: glowing, glowy
airy+: airy, light and airy, bright and airy, ethereal, open and airy, weightless, delicate,
    breezy, luminous and soft, heavenly, angelic, backlit look, celestial, floaty, light and
    bright, fluffy, featherlight, breathable, heaven, open
high_key+: high key, hi key, highkey
low_key+: low key, lowkey, chiaroscuro, rembrandt, caravaggio, baroque, renaissance, old master,
    old masters, vermeer, spotlit, tenebrist, dutch master, chiaroscuro like
noir+: noir, noirish, film noir style, black and white noir, silver gelatin, tri x, ilford,
    ansel adams, hitchcock, detective movie, detective film, femme fatale
vintage+: vintage, retro, nostalgic, seventies, 70s, 1970s, sixties, 60s, old fashioned, old
    school, polaroid, instant film, wistful, throwback, old postcard, postcard, 50s, 1950s,
    1960s, 80s, 1980s, eighties, fifties, seventies style, 90s, 1990s, nineties, heritage,
    yesteryear, worn, weathered, distressed, sentimental, grandma, mad men, western film,
    daguerreotype like, edwardian, found in an attic, wild west, family album, faded photograph,
    bygone, from another era, from another time, of yesteryear, childhood, from my childhood,
    long ago
film+: filmic, analogue, analog, film like, shot on film, 35mm, portra, film stock, like film,
    film, fuji, fujifilm, fuji film, agfa, ilford film, organic, old camera, film photo, film
    photograph, 35 mm film, analog photo, cinestill, fuji like, kodak gold, kodak portra, kodak,
    kodak like
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
    photography, industrial, edgy, punk, steampunk, smeared look, punk rock, post apocalyptic,
    apocalyptic, mad max, tough, sports, newspaper print, streetwise
crisp+: crisp, tack sharp, razor sharp, crisp and sharp, pin sharp, ultra sharp
pastel+: pastel, pastels, pastel like, candy coloured, candy colored, powdery, wes anderson,
    pastel toned, candy, sorbet, macaron
muted+: muted, subtle colours, subtle colors, soft colours, soft colors, scandinavian,
    minimalist, nordic, dusty, greyish, grayish, quiet, simple, plain look, japanese, subdued
    colours, modest colours, scandi, understated colours, beige look, hushed, quietened,
    understated, gentle colours, gentle colors
wintry+: wintry, winterly, wintery, winter morning, winters day, winter day, snow day, christmas
    morning
autumnal+: autumnal, fall like, autumn like, fall inspired, autumn afternoon, october light,
    harvest
sunny+: sunny, summery, sunshiny, mediterranean, sun filled, like a sunny day, like summer,
    tropical, midday, californian, beach day, italian, holiday, vacation, summer holiday, day at
    the beach, bright summer
fresh+: fresh, springlike, spring like, lively and fresh, refreshing, tasty, delicious,
    appetising, appetizing, mouthwatering, ripe, healthy, spring morning, dewy, crisp morning
cosy+: cosy, cozy, homely, snug, inviting, welcoming, intimate, hygge, sultry, smouldering,
    smoldering, comforting, homey, comfy, log cabin
romantic+: romantic, tender, bridal, wedding, valentine, elegant, glamorous, glamour, glam,
    sophisticated, soft and romantic, lovely and soft, flattering
gloomy+: gloomy, sombre, somber, melancholic, melancholy, sad, bleak, depressing, dreary,
    dismal, grim, sullen, ominous, dystopian, desolate, rainy, rainy day, winter gloom, grey
    day, drab looking, murky looking, melancholy mood, sorrowful, tragic, mournful, lonely,
    hopeless, grey and rainy, cheerless, nordic noir, scandi noir, true crime, crime drama,
    crime, tim burton
eerie+: eerie, spooky, creepy, sinister, haunting, scary, ghostly, haunted, horror, menacing,
    enigmatic, occult, vampire, zombie like, cursed, thriller like, nightmarish, ghost like,
    lynchian, halloween, haunted house
cheerful+: cheerful, happy, joyful, uplifting, cheery, playful, optimistic, festive
calm+: calm, peaceful, serene, tranquil, soothing, relaxed, zen, quieter, gentle, meditative,
    spa, relaxing, harmonious, balanced, mellow, mellowed, laid back, easy going, lullaby like
lively+: lively, energetic, dynamic, exciting, electric, eye catching, alive
stormy+: stormy, tempestuous, thundery, windy
misty+: misty, foggy, fog, in the mist, morning mist, morning fog, london fog
neon+: neon, cyberpunk, synthwave, vaporwave, blade runner, bladerunner, neon lit, futuristic,
    acid, fluorescent, nightclub, tokyo at night, disco, club
old_photo+: old photo like, antique, aged, victorian, daguerreotype, old time, old timey, like
    an old photo, like an old photograph, old photograph, western
cyanotype+: cyanotype, blueprint
silhouette+: silhouetted, silhouette
clean+: clean, crisp and clean, clean and bright, clean and crisp, pure, bright and clean, tidy,
    neat, commercial, product, catalogue, professional, minimal, scandinavian clean, studio,
    studio like, stock photo, apple like, white and clean
earthy+: earthy, earth toned, earth tones, rustic, natural earth tones, boho
icy+: icy, frosty, arctic, frozen, glacial, steely, clinical, sterile, futuristic blue, cold and
    sterile, freezing, snowy, blizzard like, winter cold, alpine, siberian
fiery+: fiery, burning, blazing, scorching, sweltering, volcanic, martian, mars like, hot
rosy+: rosy, blush, rose tinted, rose toned
silvery+: silvery, metallic, silver toned, chrome, pearly, pewter, moonstone, gunmetal
velvety+: velvety, silky, creamy, buttery, satin, satiny, porcelain
bold+: bold, graphic, loud, brash, glossy, polished, slick, shiny, psychedelic, trippy, groovy,
    pop art, comic like, graphic novel, comic book, funky, luxurious, premium, expensive, rich
    and bold, sleek, slick magazine
log+: log, flat profile, ungraded
overcast+: overcast, cloudy day like
green_grade+: matrix like, matrix style, matrix
lush+: lush, verdant, vibrant greens, spring greens
natural+: natural, naturally, realistic, realistically, believable, tasteful, tastefully, true
    to life, lifelike
editorial+: editorial, magazine, fashion, documentary, reportage, photojournalistic,
    journalistic, timeless, classic portrait, modern, contemporary, vogue, advertising,
    hasselblad, leica, street, reportage style, newspaper, photojournalism
underwater+: underwater, aquatic, under the sea, submarine, submerged, under water
""",
}
"""Words of effects by grammatical form: `effect+: words` or `effect-: words`; an indented line
continues the one before."""
