"""Sentence patterns of people who ask for an edit in a loose way, and everyday names of things.

Only the language model is taught with them (`phrasing.ask`); the picture models see the patterns
of `storybook.instructions`. None is a pattern that `instructions` keeps from training.
"""

from __future__ import annotations

from typing import Final


def _phrases(text: str) -> tuple[str, ...]:
    """The phrases between the strokes, each on one line."""
    return tuple(" ".join(part.split()) for part in text.split("/"))


LOOSE: Final[dict[str, tuple[str, ...]]] = {
    "replace": _phrases(
        """
        i would rather see {a_new} than {old} / {a_new} would be better than {old} / {old} should
        turn into {a_new} / what if {old} were {a_new} / make {a_new} out of {old} / exchange
        {old} for {a_new} / use {a_new} in place of {old} / i don't want {old}, i want {a_new} /
        not {old} but {a_new} / transform {old} into {a_new} / get rid of {old} and show {a_new} /
        take away {old} and put {a_new} there / {old} needs to be {a_new} / {bare} -> {a_new} /
        {a_new} should stand where {old} stands / i'd prefer {a_new} over {old} / trade {old} for
        {a_new} / {old} out, {a_new} in / rather {a_new} than {old} / could {old} be {a_new} / the
        {bare} could be {a_new} / show {a_new} rather than {old} / morph {old} into {a_new} /
        substitute {a_new} for {old} / {old} becomes {a_new} / convert {old} to {a_new} / why not
        {a_new} in place of {old} / we need {a_new}, not {old} / it should be {a_new}, not {a_old}
        / {a_old}? no, {a_new} / take {a_new} for {old} / make it {a_new} instead of {old} / {old}
        to {a_new} / have {a_new} stand in for {old} / i imagined {a_new}, not {a_old} / forget
        {old}, draw {a_new} / switch {old} with {a_new} / i think {a_new} fits better than {old} /
        {a_new} where {old} was / rebuild {old} as {a_new} / in place of {old} i'd like {a_new} /
        put {a_new} where {old} is now / from {bare} to {a_new} / the {bare} is boring, make it
        {a_new} / it would be cooler with {a_new} than {a_old} / let me see {a_new} and not {old}
        """
    ),
    "recolour": _phrases(
        """
        {old} in {colour} / i want {old} in {colour} / i would like {old} to be {colour} / {old}
        needs to be {colour} / what if {old} were {colour} / make the colour of {old} {colour} /
        change the colour of {old} to {colour} / could {old} be {colour} / {old} would look better
        in {colour} / use {colour} for {old} / dye {old} {colour} / a {colour} {bare} please /
        {colour} for {old} / tint {old} {colour} / change the color of {old} to {colour} / i
        prefer {old} in {colour} / {old} must become {colour} / switch {old} to {colour} / have
        {old} in {colour} / give me a {colour} {bare} / i'd like a {colour} {bare} / why not
        {colour} for {old} / {old}, but {colour} / the {bare} ought to be {colour} / spray {old}
        {colour} / {bare}: {colour} / {colour} paint on {old} / a different colour for {old},
        {colour} / change {old}'s colour to {colour} / {old} could use some {colour} / {colour}
        would suit {old} / how about {colour} for {old} / i'd love {old} in {colour} / could you
        paint {old} in {colour} / shade {old} {colour} / fill {old} with {colour} / {old}: make it
        {colour} / give {old} a coat of {colour} / the colour of {old} should be {colour} / {old}
        is to be {colour} / repaint {old} in {colour} / a coat of {colour} on {old} / {colour}
        instead of {oldcolour} for {old} / not {oldcolour}, {colour} / make {old} look {colour} /
        {old} looks better {colour} / can {old} have a {colour} tone / let's see {old} in {colour}
        / {old} would be prettier in {colour} / from {oldcolour} to {colour} / swap the
        {oldcolour} of {old} for {colour} / i want a {colour} {bare} / turn {old} from {oldcolour}
        to {colour} / show me a {colour} {bare} / what about a {colour} {bare} / set the colour of
        {old} to {colour} / my favourite colour is {colour}, use it for {old} / {oldcolour} is
        wrong for {old}, {colour} is right / all {colour} for {old} / recolor {old} to {colour} /
        put some {colour} on {old} / make that {bare} {colour} / is {colour} possible for {old} /
        {colour} {bare} instead of {oldcolour}
        """
    ),
    "add": _phrases(
        """
        it needs {a_new} / {a_new} would be nice / show {a_new} {place} / {a_new} {place} / insert
        {a_new} / include {a_new} / bring in {a_new} / can we have {a_new} {place} / i am missing
        {a_new} / how about {a_new} {place} / there is room for {a_new} / paint {a_new} {place} /
        let me see {a_new} {place} / make room for {a_new} {place} / also {a_new} / lend the scene
        {a_new} / let the picture have {a_new} / what the picture needs is {a_new} / treat it to
        {a_new} / and {a_new} {place} / could there be {a_new} {place} / {place} i'd like {a_new}
        / {a_new} is missing {place} / with {a_new} {place} / it would be nice to have {a_new} /
        what about {a_new} / i'd love {a_new} {place} / we could use {a_new} {place} / now {a_new}
        {place} / set {a_new} {place} / drop {a_new} in {place} / leave {a_new} {place} / extra:
        {a_new} / plus {a_new} / {a_new} too / {a_new} as well / i wish there were {a_new} {place}
        / have {a_new} {place} / stick {a_new} {place} / a little company: {a_new} / can you fit
        in {a_new} / complete it with {a_new} / decorate it with {a_new} / the scene wants {a_new}
        / try {a_new} {place} / it looks empty, put {a_new} {place} / add to it {a_new} / let's
        have {a_new} {place} / let us put {a_new} {place} / you could add {a_new} {place} / maybe
        {a_new} {place}
        """
    ),
    "remove": _phrases(
        """
        drop {old} / i don't want {old} / lose {old} / hide {old} / there should be no {bare} /
        the picture is better without {old} / cut {old} / clear away {old} / {old} has to go / i
        do not like {old}, take it away / leave out {old} / get {old} out of there / no more
        {bare} / we don't need {old} / wipe out {old} / take {old} away / {old} should go / i want
        {old} gone / make {old} vanish / {old} away / throw {old} out / please no {bare} / can we
        lose {old} / strip {old} / do away with {old} / just without {old} / i could do without
        {old} / {old} is too much / {old} is not needed / the {bare} is in the way / get {old} off
        the picture / don't show {old} / don't draw {old} / no need for {old} / eliminate {old} /
        scrap {old} / forget {old} / skip {old} / i'd rather have no {bare} / paint over {old} /
        clean up {old} / the same without {old} / exclude {old} / {old} bothers me / rub out {old}
        / kick {old} out / {old} must not be there / i never wanted {a_old} / who needs {a_old}
        """
    ),
    "light": _phrases(
        """
        it should be {light} / i want {light} / what about {light} / set it at {light_at} / at
        {light_at} / the scene should be at {light_at} / what if it were {light} / change it to
        {light} / i'd like to see it at {light_at} / the light of {light_at} / switch to {light} /
        {light} light / {light} please / let's try {light} / can it be {light} / could it be
        {light} / more like {light} / put the scene at {light_at} / i'd prefer {light_at} / show
        me {light_at} / as it looks at {light_at} / same place, {light_at} / take it to {light_at}
        / turn it into {light_at} / light it like {light_at} / have it be {light} / should be
        {light_at} / i imagine {light_at} / go for {light} / time: {light_at} / move the time to
        {light_at} / the hour is {light_at} / picture it at {light_at} / not now but at {light_at}
        / it is {light} / it should look like {light_at} / the mood of {light_at} / {light_at}
        would be lovely / what would {light_at} be like / a {light_at} mood / {light_at} instead /
        paint it at {light_at}
        """
    ),
    "weather": _phrases(
        """
        it should have {weather} / with {weather} / add {weather} / i would like {weather} / how
        about {weather} / what if there were {weather} / show {weather} / the weather should be
        {weather} / {weather} over the scene / bring {weather} / we need {weather} / i'd love some
        {weather} / try {weather} / put in {weather} / turn the weather into {weather} / i want to
        see {weather} / it is time for {weather} / could there be {weather} / {weather} instead /
        more {weather} / go for {weather} / imagine {weather} / lend the scene {weather} / grant
        it {weather} / let the picture have {weather} / what the picture needs is {weather} / fill
        the picture with {weather} / spread {weather} over it / let me have {weather} / the
        picture could do with {weather} / send {weather} / put {weather} into the picture / bless
        us with {weather} / treat it to {weather} / {weather} please / let's have {weather} /
        could we have {weather} / it is time for some {weather} / {weather} would be nice /
        {weather} is what i want / i'd prefer {weather} / there should be some {weather} / have
        {weather} / make {weather} / draw {weather} / paint {weather} / it has {weather} / the day
        has {weather} / a day with {weather} / the sky needs {weather} / the forecast says
        {weather} / switch to {weather} / change to {weather} / swap the weather for {weather} /
        the picture has {weather} / picture with {weather} / show it with {weather} / show me
        {weather} / give us {weather} / give it {weather} / give me
        some {weather} / give the sky {weather} / let it have {weather} / let us have {weather} /
        let the weather be {weather} / i miss {weather} / i love
        {weather} / lots of {weather} / a bit of {weather} / what i need is {weather} / for the
        weather take {weather} / weather: {weather} / {weather} above / {weather} all around /
        nothing but {weather} / could you do {weather} / how would {weather} be / can you make
        {weather} / into the sky put {weather} / the weather turns to {weather} / the weather
        changes to {weather} / it should come with {weather} / i'm in the mood for {weather} /
        serve {weather} / cover it with {weather} / use {weather} / get me {weather} / hand it
        {weather}
        """
    ),
    "season": _phrases(
        """
        it should be {season} / i want {season} / set it in {season} / in {season} / what about
        {season} / change to {season} / the season should be {season} / what if it were {season} /
        a {season} scene / switch to {season} / i'd like {season} / give me {season} / move it to
        {season} / put the scene in {season} / i'd prefer {season} / can it be
        {season} / make everything look like {season} / it is {season} now / the same place in
        {season} / {season} instead / go for {season} / time for {season} / {season} please /
        let's have {season} / could we have {season} / how about {season} / i wish it were
        {season} / make the season {season} / the same in {season} / {season} would be nice / show
        me {season} / show it in {season} / paint it in {season} / have it be {season} / it feels
        like {season} / as in {season} / like in {season} / turn everything to {season} / bring on
        {season} / welcome {season} / take it to {season} / let's try {season} / season: {season}
        / {season} mood / a {season} day / a {season} landscape / a {season} picture / what would
        {season} be like / dress the scene for {season} / the trees in {season} / a {season} look
        / give it a {season} feel / it should feel like {season} / {season} has come / should be
        {season} / not this season but {season} / i love {season} / the colours of {season} / as
        it is in {season} / set the season to {season} / picture it in {season}
        """
    ),
    "style": _phrases(
        """
        i want it as {a_style} / in the style of {a_style} / in {style} style / it should look
        like {a_style} / paint it as {a_style} / convert it to {style} / render this as {a_style}
        / like {a_style} / what about {a_style} / as if it were {a_style} / make this look like
        {a_style} / switch to {style} / {a_style} please / let's have {a_style} / how about
        {a_style} / could it be {a_style} / i'd prefer {a_style} / as if drawn as {a_style} / show
        it as {a_style} / do it as {a_style} / do {a_style} / make {a_style} of it / make
        {a_style} out of it / turn the picture into {a_style} / give it the look of {a_style} /
        give it a {style} look / style: {style} / use {style} / i like {style} / try {style} /
        {style} look / the look of {a_style} / it could be {a_style} / a {style} version / the
        same as {a_style} / repaint it as {a_style} / redraw it as {a_style} / change it to
        {a_style} / should be {a_style} / in {style} please / go for {style} / imitate {a_style} /
        it needs a {style} look / present it as {a_style} / transform it into {a_style}
        """
    ),
}
"""Patterns by kind of edit, with the slots of `storybook.instructions`; ``{a_old}`` and
``{oldcolour}`` name the thing as it is."""

OTHER_NAMES: Final[dict[str, tuple[str, ...]]] = {
    "house": ("home", "hut", "cabin", "farmhouse", "bungalow", "little house"),
    "lighthouse": ("light tower", "beacon", "sea light"),
    "windmill": ("wind mill", "grain mill"),
    "castle": ("palace", "citadel", "stronghold", "knight's castle"),
    "tree": ("oak", "big tree", "leafy tree", "old tree"),
    "boat": ("ship", "yacht", "little ship", "sail boat"),
    "cat": ("kitty", "pussycat", "tomcat", "little cat"),
    "swan": ("white swan bird", "big swan"),
    "car": ("automobile", "auto", "little car", "old car"),
    "hot air balloon": ("hot-air balloon", "air balloon", "big balloon"),
    "apple tree": ("tree with apples", "little apple tree", "apple-tree"),
    "ball": ("toy ball", "rubber ball", "bouncy ball", "little ball"),
    "umbrella": ("brolly", "sunshade", "sun umbrella"),
    "flag": ("pennant", "flag on a pole", "ensign"),
    "mushroom": ("fungus", "big mushroom", "little mushroom"),
    "path": ("trail", "walkway", "track", "lane"),
    "fence": ("railing", "wooden fence", "paling", "little fence"),
    "red": ("crimson", "ruby", "cherry red", "bright red", "dark red", "fire-engine red"),
    "orange": ("amber", "bright orange", "pumpkin orange", "burnt orange"),
    "yellow": ("lemon", "mustard", "bright yellow", "sunny yellow", "canary yellow"),
    "green": ("lime", "olive", "bright green", "dark green", "grass green", "leaf green"),
    "blue": ("navy", "sapphire", "sky blue", "dark blue", "light blue", "cobalt"),
    "purple": ("lilac", "lavender", "mauve", "dark purple", "plum"),
    "pink": ("rose", "magenta", "hot pink", "light pink", "salmon"),
    "white": ("snow-white", "pure white", "chalk white", "cream"),
    "noon": ("high noon", "twelve o'clock", "the middle of the day", "lunchtime"),
    "a sunny day": ("a bright day", "a bright sunny day", "full sunshine"),
    "sunset": ("sundown", "twilight", "evening", "the end of the day"),
    "night": ("midnight", "deep night", "late night", "nightfall"),
    "a grey day": ("a gray day", "a dull day", "a dreary day", "a gloomy day"),
    "a clear sky": (
        "skies all clear",
        "a blue sky",
        "an open sky",
        "bright skies",
        "a bright clear sky",
    ),
    "fine weather": (
        "good weather",
        "nice weather",
        "dry weather",
        "lovely weather",
        "fair weather",
    ),
    "clouds": (
        "some clouds",
        "a few clouds",
        "white clouds",
        "dark clouds",
        "lots of clouds",
        "thick clouds",
        "more clouds",
        "heavy clouds",
        "cloud",
    ),
    "a cloudy sky": (
        "cloudy weather",
        "cloudy skies",
        "a sky full of clouds",
        "a cloud cover",
        "a cloud or two",
        "a cloudier sky",
    ),
    "rain": (
        "heavy rain",
        "light rain",
        "some rain",
        "pouring rain",
        "a bit of rain",
        "rainfall",
        "showers",
        "drizzle",
        "a shower",
    ),
    "rainy weather": ("wet weather", "stormy weather", "a rainstorm", "a rainy day", "rainy skies"),
    "falling snow": (
        "snow flakes",
        "some falling snow",
        "snow in the air",
        "tumbling snow",
        "snow coming down",
    ),
    "snowfall": (
        "light snowfall",
        "heavy snowfall",
        "a snowstorm",
        "a snow shower",
        "a blizzard",
        "snowflakes",
    ),
    "spring": ("early spring", "the spring", "april", "may"),
    "summer": ("high summer", "midsummer", "the summer", "july", "august"),
    "autumn": ("late autumn", "the autumn", "october", "november"),
    "fall": ("the fall", "the fall season"),
    "winter": ("midwinter", "deep winter", "the winter", "january", "december"),
    "flat illustration": ("flat vector picture", "flat graphic", "flat design", "flat cartoon"),
    "watercolour": ("watercolor", "water colour", "water colours"),
    "watercolour painting": ("watercolor painting", "aquarelle painting", "water colour picture"),
    "pixel art": ("8-bit pixel art", "pixel graphics", "pixelated picture", "retro pixel art"),
    "pencil drawing": (
        "pencil picture",
        "graphite drawing",
        "colored pencil drawing",
        "drawing in pencil",
    ),
    "pencil sketch": ("hand drawn sketch", "pencil scribble", "sketch in pencil"),
}
"""What people call the same things, colours and conditions beside the grammar's own words."""
