"""Light, weather, season and style asked for by their effect or in free words, not by their name.

Every phrase means one value alone; `phrasing.ask` draws from this table.
"""

from __future__ import annotations

from typing import Final


def _phrases(text: str) -> tuple[str, ...]:
    """The phrases of a block, written with "/" between them."""
    return tuple(" ".join(part.split()) for part in text.split("/"))


EFFECTS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("light", "noon"): _phrases("""
        make it bright day / turn on the daylight / make the sun shine high in the sky / full
        daylight / the sun at its highest / broad daylight / bright sunshine / in the middle of the
        day / twelve o'clock / lunchtime / high noon / sunny / more sunshine / a bright sunny day /
        make it sunny / make it a sunny day / let the sun shine / bring the sun out / the sun should
        be out / i wish the sun were out / can the sun come out / could it be sunny / i'd love some
        sunshine / the sun right overhead / sun straight above / strong midday sun / the sun blazing
        overhead / lots of sunlight / fill the scene with sunlight / bathe everything in sunshine /
        it is too dark, make it daytime / too dark, i can't see anything / this is too gloomy, i
        want sunshine / it's too dim, turn on the sun / brighten it up like midday / light it with
        bright daylight / the full light of day / the brightest hour of the day / when the sun
        stands highest / short shadows, sun overhead / could we have daylight / i want to see it by
        day / show it during the day / it should be daytime, not night / it should be bright out /
        the day should be bright / make the day brighter / bright out, around midday / switch the
        sun on / wake the day up / put it in full sun / drench it in sunlight / a sunlit scene /
        sunlight pouring down everywhere / why isn't the sun shining
        """),
    ("light", "sunset"): _phrases("""
        let the sun go down / evening light / golden hour / make it evening / the sun is setting / a
        red evening sky / late in the day / sundown / early evening / twilight / a glowing evening /
        in the evening / at the end of the day / the last light of the day / the sun low on the
        horizon / lower the sun to the horizon / the sun sinking below the horizon / a setting sun /
        warm evening glow / evening glow / a red sky / a red sky at the close of day / paint the sky
        red as evening comes / make the sky glow red / i'd love a red sky / i want golden hour light
        / could we have golden hour / shot at golden hour / move it to the evening / make it later,
        when the sun sets / the sun should be going down / the sun should be setting / can the sun
        set / could the sun be setting / i wish the sun were setting / the day is drawing to a close
        / as the day ends / the day is nearly over / when the sun dips low / just before the sun is
        gone / just before it gets dark / the sky on fire in the evening / a fiery evening sky / a
        romantic evening sky / the afterglow of the sun / dusky light / dusk is falling / let dusk
        fall / it's too bright, the sun should be setting / i don't want midday, i want evening /
        not so late, more like evening / let evening come / set the sun / low warm evening sun /
        could it be evening already
        """),
    ("light", "night"): _phrases("""
        make it dark with stars / moonlight / show the moon and the stars / after dark / midnight /
        a starry sky / switch off the sun / make it dark outside / dark / make it dark / darkness /
        it should be dark / the sky should be dark / put stars in the sky / fill the sky with stars
        / stars twinkling above / twinkling stars / a sky full of stars / under the stars / beneath
        a starry sky / the moon is out / bring out the moon / let the moon rise / by the light of
        the moon / moonlit / a moonlit scene / lit only by the moon / bathed in moonlight / a bright
        moon in a dark sky / add the moon / i want to see stars / i'd like to see the moon / can we
        see the stars / could it be dark / i wish it were dark / late at night / in the dead of
        night / the middle of the night / at midnight / long after the sun has gone / at the
        witching hour / when everyone is asleep / bedtime / everyone is in bed and asleep / turn out
        the daylight / turn the lights off outside / pitch dark / the darkest hour / darken the
        whole scene / it's too bright, make it dark / too much daylight, i want darkness / there's
        too much sun, show the moon / can you make it very dark / in the dark
        """),
    ("light", "grey day"): _phrases("""
        dull light / make the day gloomy / no sunshine, all grey / a dull day / overcast / make the
        light flat and grey / a gray day / make it a gray day / dull / dull and grey / gray and dull
        / gloomy daylight / a gloomy day / a drab day / a dreary day / a dreary gray afternoon / a
        sunless day / a day without sun / a day with no sun / overcast light / an overcast sky /
        make it overcast / it should be overcast / could it be overcast / i'd like it overcast / can
        the day be overcast / a grey sky / a gray sky / leaden sky / under a leaden sky / turn the
        sky grey / make the sky gray / the sky should be dull and grey / the sky all gray from end
        to end / grey light / soft gray daylight / muted daylight / dim daylight / pale dull
        daylight / weak daylight / make the daylight duller / dull the light / dim the day a bit /
        take the sunshine out of the day / i wish the day were duller / i want a dull grey day /
        could the day be grey and dull / it's too sunny, make it dull / too bright, i'd prefer a
        dull day / the sun is too strong, make the day gray / less cheerful light, more gloomy / one
        of those grey days / a typical grey monday / a miserable grey day / a grey afternoon
        """),
    ("weather", "clear"): _phrases("""
        take the clouds away / no clouds / a cloudless sky / stop the rain / blue sky / make the
        weather nice / get rid of the clouds / let the sky clear up / dry weather / no more rain /
        nothing but sky above / a spotless blue sky / fair weather / good weather / lovely weather /
        beautiful weather / nice weather / nicer weather / fine dry weather / settled weather /
        perfect weather / better weather / better weather would be good / i'd like better weather /
        i want fine weather / i wish the weather were better / could the weather be nicer / could
        the weather clear up / let the weather improve / improve the weather / the weather should be
        fine / the weather should be dry / picnic weather / a clean empty sky / an empty sky / empty
        the sky / the sky should be empty / the sky should be clear / i want the sky clear / could
        the sky be clear / a clear blue sky / blue skies / clear skies ahead / an open
        blue sky / a perfectly clear sky / a clean blue sky overhead / sweep the sky clean / tidy up
        the sky / the sky is too full, clear it / the weather is awful, make it nice / it is too
        wet, make it dry / make it dry again / everything dry again / stop the snowfall / clouds be
        gone / wipe the clouds off the sky / the rain should stop / not a cloud in the sky
        """),
    ("weather", "cloudy"): _phrases("""
        more clouds / fluffy clouds / clouds in the sky / add clouds / cover the sky with clouds /
        clouds rolling in / fill the sky with clouds / some clouds up there / big clouds above / a
        sky full of clouds / thunderclouds / cloudy / cloudy weather / a cloudy day / cloudy skies /
        partly cloudy / very cloudy / make it cloudier / it should be cloudy / the sky should be
        cloudy / i want it cloudy / i'd like cloudy weather / could it be cloudy / can you make the
        sky cloudy / cloudy would be nice / i wish it were cloudy / the picture with clouds / the
        same scene but with clouds / clouds all over the place / clouds everywhere / clouds overhead
        / i could use a few clouds / a few clouds / a cloud or two / put a cloud up there / put
        clouds in the sky / put in some clouds / draw some clouds / scatter clouds across the sky /
        bring in the clouds / let the clouds roll in / let clouds gather / clouds gathering above /
        clouds drifting by / drifting clouds / puffy clouds / woolly clouds / cotton wool clouds /
        heavy clouds / thick cloud / cloud cover / a blanket of cloud / a bank of clouds / the sky
        needs clouds / the sky is too empty, add some clouds / it looks bare up there, i want clouds
        / where are the clouds / may i have clouds / could we see some clouds / hang clouds in the
        sky
        """),
    ("weather", "rain"): _phrases("""
        a rainy day / raindrops / make it wet / let it pour / a shower of rain / add raindrops / a
        downpour / some drizzle / start raining / a rain storm / stormy weather / pouring rain / get
        everything wet / raining / rainy / rainfall / wet weather / a wet day / could it pour down /
        could it rain / can it be raining / i want it to rain / i wish it would rain / i'd like some
        rain / it is too sunny, some rain would be good / it's too dry, make it rain / it should be
        raining / it should rain / it needs to rain / the rain should come down / the rain is coming
        down hard / bring on the rain / bring the rain / add some rain / put rain in the picture /
        the same picture in the rain / in the rain / out in the rain / rain everywhere / rain
        falling / falling rain / rain pouring down / heavy rain / light rain / a bit of rain /
        steady rain / rain all day long / raining cats and dogs / make it drizzle / drizzle / a
        drizzly day / showers / a sudden shower / a heavy shower / a passing shower / a rainstorm /
        a thunderstorm with rain / the weather should be wet and rainy / with the rain pelting down
        / what about a little rain
        """),
    ("weather", "snow"): _phrases("""
        snowflakes / add snowflakes / snow falling from the sky / let snow fall / it should be
        snowing / a snow storm / a blizzard / flakes drifting down / start snowing / white flakes in
        the air / snowing / falling snowflakes / snowflakes falling / snowflakes everywhere in the
        air / a flurry of snow / snow flurries / a snow shower / snow showers / heavy snowfall /
        light snowfall / gentle snowfall / a bit of snowfall / add snowfall / add some falling snow
        / i want it to snow / i want snow to fall / i'd like to see snowflakes / i wish it would
        snow / i wish it were snowing / could it be snowing / could it snow / can it start to snow /
        can snow come down / the snow should be coming down / snow should be falling / it needs to
        be snowing / it is snowing / it's snowing hard / make the snow fall / make snow come down
        from the sky / snow drifting down / snow swirling through the air / swirling flakes / big
        flakes falling / fat flakes coming down / tiny flakes in the air / fill the air with flakes
        / flakes of snow in the sky / in the falling snow / in a snowstorm / a snowstorm / in the
        middle of a blizzard / bring on the blizzard / the picture with falling snow / the air looks
        empty, add snowflakes / too dry, it should be snowing / why isn't it snowing / where are the
        snowflakes
        """),
    ("season", "spring"): _phrases("""
        fresh green and blossoms / blossoms everywhere / early in the year / springtime / everything
        in bloom / make it april / new leaves and buds / april / a day in april / in early may /
        make it march / spring is here / spring has come / spring has sprung / bring on spring / let
        spring begin / let spring arrive / i wish it were spring / i'm longing for spring / could it
        be spring / early spring / a spring landscape / a fresh spring day / the first day of spring
        / the first leaves of the year / fresh young leaves / tender young leaves / budding leaves /
        buds on the branches / buds opening on the trees / the trees should be budding / the trees
        are coming into leaf / let the trees blossom / make the trees blossom / trees in blossom /
        the trees should be in blossom / blossom on the trees / cherry blossom time / blossom time /
        could the trees be in bloom / let everything bloom / let nature wake up / nature waking up /
        everything starts to grow again / when everything starts growing / new growth everywhere /
        around easter / easter time / the winter is over / when the frost has gone / it looks too
        wintry, i want spring / enough winter, bring the blossoms / i want to see blossoms / could
        we have some blossom
        """),
    ("season", "summer"): _phrases("""
        warm summer days / lush green summer / make it july / summertime / midsummer / the hottest
        time of the year / make it august / july / august / in june / make it june / a day in july /
        a hot august / high summer / the height of summer / in the height of summer / a summer
        landscape / a summer's day / a warm summer's day / a lazy summer / summer is here / bring on
        summer / let summer come / i wish it were summer / i miss the summer / i'm dreaming of
        summer / could it be summer / summer heat / hot / make it hot / make it hotter / a heat wave
        / the dog days / the warmest months / the warm season / the hot season / the warmest time of
        the year / summer holidays / summer vacation / when school is out for summer / vacation time
        in july / lush leaves / lush foliage / the trees in full leaf / the trees should be full and
        leafy / thick leafy trees / full leafy branches / everything lush and full grown / lush
        meadows of high summer / it looks cold, make it hot / too cold, i want summer / could it be
        hot and summery / summery / make it feel summery / i'd like it warm and leafy
        """),
    ("season", "autumn"): _phrases("""
        autumn leaves / golden leaves / make the leaves turn orange / falling leaves / red and
        orange leaves / make it october / when the leaves fall / let the leaves turn / let the
        leaves fall / the leaves are turning / the leaves should be turning / turning leaves /
        orange leaves / orange leaves on the trees / the trees should have orange leaves / i want
        orange leaves / could the leaves be orange / give the trees orange leaves / turn the leaves
        / fall colors / fall colours / autumn colours / autumn colors / fall foliage / autumn
        foliage / colorful foliage / colourful fall leaves / a fall landscape / an autumn landscape
        / autumn is here / fall is here / bring on fall / let autumn come / i wish it were fall / i
        wish it were autumn / could it be autumn / could we have fall leaves / an autumnal look /
        autumnal / make it autumnal / october / a day in october / late october / make it november /
        november / in late september / around halloween / around thanksgiving / harvest time / the
        harvest season / dry leaves on the ground / fallen leaves / leaves all over the ground /
        leaves dropping from the trees / the trees losing their leaves / the trees should be
        shedding leaves / it's too summery, turn the leaves / withering leaves / the end of summer,
        leaves turning
        """),
    ("season", "winter"): _phrases("""
        cover everything in snow / snow on the ground / a winter landscape / make it december /
        wintertime / deep snow all around / make it january / a frozen world / everything frozen and
        white / december / a day in january / make it february / around christmas / christmas time /
        a winter wonderland / wintry / make it wintry / a wintry scene / the depths of winter /
        midwinter / winter is here / bring on winter / let winter come / i wish it were winter /
        could it be winter / the trees should be bare and white / bare trees and frost / bare frosty
        branches / strip the trees for winter / frost / frosty / frost everywhere / frost on the
        ground / cover the trees with frost / the ground should be frozen / let the ground freeze /
        freeze everything / frozen ground / ice and frost / icy cold / make it icy / freezing cold /
        bitterly cold / the coldest time of the year / the cold season / a blanket of snow / lay
        snow on the ground / snow lying on the ground / snow lying everywhere / a thick layer of
        snow on the ground / snow-covered ground / the ground should be covered in snow / could the
        ground be white with snow / i'd like snow on the trees / bury everything in deep snow / it
        looks too warm, make it freezing / the land under snow
        """),
    ("style", "flat"): _phrases("""
        flat colours, no texture / simple flat shapes / a clean illustration / flat colors / flat
        colours / plain flat colours / solid colours only / solid colors, no shading / flat design /
        a flat design look / flat graphics / flat artwork / flat art / flat shapes / flat and simple
        / make it flat / make the picture flat / the picture should be flat / could it be flat / i
        want it flat and clean / i'd like flat colours / i wish it were flatter / flatten the
        colours / flatten the style / fill it with solid colours / vector art / a vector graphic /
        vector style / a vector illustration / make it a vector graphic / clip art / like clip art /
        clean vector shapes / clean shapes / clean plain shapes / clean edges and solid colours /
        crisp edges, even colours / even areas of colour / even colouring, no shading / no texture /
        no texture at all / no shading, no texture / it has too much texture, make it flat / too
        much grain, make it smooth and flat / a smooth clean illustration / a simple graphic style /
        a plain digital illustration / a clean digital illustration / minimal flat graphics / as a
        flat poster / like a flat poster / like an infographic / like shapes cut from paper / could
        you use flat colours
        """),
    ("style", "watercolour"): _phrases("""
        paint it with watercolours / soft washes of watercolour / watercolor / a watercolor / in
        watercolor / in watercolours / in watercolors / watercolour paints / done in watercolor /
        painted in watercolour / a watercolor painting / a soft watercolor / a loose watercolour / a
        delicate watercolour / watercolour on paper / watercolor on rough paper / watercolour look /
        a watercolor effect / watercolor washes / soft washes of paint / thin washes of paint /
        transparent washes / washes of runny paint / thin runny paint on paper / runny paint / let
        the paint run / let the colours run / let the colors bleed / the colours should bleed into
        each other / paint bleeding into the paper / paint soaking into paper / colours bleeding
        softly / colors that flow into each other / watery colours / watery paint / thinned with
        water / paint thinned with water / brush and water / painted with a brush and water / use
        watercolours / use watercolor paint / could you paint it in watercolor / could it be a
        watercolour / i'd like it in watercolours / i want a watercolor / i wish it were a
        watercolour / it should be a watercolor / it should look painted in watercolours / it looks
        too hard, paint it in watercolour / too crisp, use soft washes / an aquarelle on paper /
        aquarelle style / like an aquarelle
        """),
    ("style", "pixel art"): _phrases("""
        like an old video game / big square pixels / 8-bit / 8 bit / 16-bit / 8-bit graphics / 8-bit
        style / 16-bit graphics / pixels / pixel style / pixel graphics / pixelated / pixelate it /
        pixelate the picture / pixelated graphics / make it pixelated / make it pixely / a pixelated
        look / chunky pixels / blocky pixels / blocky / make it blocky / make it out of pixels /
        made of little squares / made of tiny blocks / build it from square pixels / break it up
        into pixels / turn everything into pixels / show the pixels / i want to see the pixels / i
        want visible pixels / bigger pixels / could it be pixelated / i'd like it pixelated / i wish
        it were pixelated / it should be made of pixels / it should be blocky / it's too smooth,
        make it blocky / too smooth, i want pixels / retro game graphics / a retro video game / like
        a retro game / like a video game from the eighties / like a nintendo game / like a game boy
        screen / an arcade game look / old arcade graphics / an old computer game / old school game
        graphics / like a game sprite / low resolution graphics / lower the resolution to big
        squares / could you pixelate this / jagged pixel edges
        """),
    ("style", "pencil"): _phrases("""
        draw it with pencils / a hand drawn sketch / sketch it / pencil / in pencil / pencils / a
        sketch / a rough sketch / a quick sketch / a pencil sketch on paper / a drawing in pencil /
        drawn in pencil / drawn with a pencil / drawn by hand in pencil / draw it by hand / hand
        drawn / make it hand drawn / make it sketchy / sketchy lines / sketch the whole thing /
        sketch this / sketch it out / turn it into a sketch / like a sketch / like a page from a
        sketchbook / a sketchbook page / sketchbook style / pencil lines / pencil strokes / pencil
        shading / visible pencil strokes / fine pencil lines / shade it with a pencil / shaded in
        pencil / use a pencil / use pencils / graphite / a graphite drawing / in graphite on paper /
        hatching / hatched shading / cross-hatching / lots of hatching lines / scribbled with a
        pencil / pencilled / penciled / could you sketch it / could it be in pencil / i'd like it
        drawn in pencil / i want a sketch / i wish it were a sketch / it should look hand drawn / it
        should be a sketch / it looks too polished, make it sketchy / too smooth, use a pencil
        """),
}
