from __future__ import annotations

import re
from dataclasses import dataclass

from editor.tone.characters import meaningful

_CONTRACTIONS = (
    (r"\bcan'?t\b", "can not"),
    (r"\bwon't\b", "will not"),
    (r"\b(\w+)n't\b", r"\1 not"),
    (r"\b(do|does|is|are|should|did)nt\b", r"\1 not"),
    (r"\b(it|that|there|what|he|she|everything|picture|photo|image|here)'s\b", r"\1 is"),
    (r"\b(i|you|we|they)'d\b", r"\1 would"),
    (r"\b(i|you|we|they)'ve\b", r"\1 have"),
    (r"\b(they|you|we)'re\b", r"\1 are"),
    (r"\bi'm\b", "i am"),
    (r"\blet's\b", "let us"),
    (r"\b(\w+)'ll\b", r"\1 will"),
    (r"'s\b", " "),
    (r"\bdid not\b|\bdont\b", "do not"),
    (r"\bw/o\b", "without"),
    (r"\bw/", "with "),
    (
        r"\bb\s*(?:&|\+|/|n|'n')\s*w\b|\bbw\b|\bblack\s*(?:&|\+|/|n|'n')\s*white\b",
        "black and white",
    ),
    (r"\bblack white\b", "black and white"),
    (r"\bgrey ?scale\b", "greyscale"),
    (r"\b4 ?k\b", "4k"),
)
_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "forty": 40,
    "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100,
}  # fmt: skip
_UNIT = r"(?:f-?)?stops?|ev|degrees?|degs?|°|percent|per cent|pct|%"
_PHRASES = (
    (r"\b(?:a|one) (stop|degree) and a half", r"1.5 \1"),
    (r"\b(one|two|three) and a half (" + _UNIT + r")", r"\1.5 \2"),
    (r"\b(?:a|one) and a half (" + _UNIT + r")", r"1.5 \1"),
    (r"\bthree quarters of an? (stop|degree|ev)", r"0.75 \1"),
    (r"\btwo thirds? of an? (stop|degree|ev)", r"0.667 \1"),
    (r"\b(?:a|one) third of an? (stop|degree|ev)", r"0.333 \1"),
    (r"\b(?:a |one )?quarter (?:of an? )?(stop|degree|ev)", r"0.25 \1"),
    (r"\b(?:a )?half (?:of )?(?:an? )?(stop|degree|ev)", r"0.5 \1"),
    (r"\b(?:a couple(?: of)?|couple(?: of)?) (stops|degrees)", r"2 \1"),
    (r"\b(?:a|one|a full|a whole|one full|one whole) (stop|degree|ev)\b", r"1 \1"),
    (r"\btwice as much\b|\btwice as many\b", "2 times more"),
    (r"\b(?:twice|two times|double) (?:as|the)\b", "2 times"),
    (r"\b(?:three times|thrice) (?:as|the)\b", "3 times"),
    (r"\bhalf as much\b", "0.5 times"),
    (r"\bhalf (?:as|the)\b", "0.5 times"),
    (r"\bdouble\b|\btwice\b", "2 times"),
    (r"\btriple\b", "3 times"),
    (r"\bhalve\b", "0.5 times"),
    (r"\b(?:by|in) (?:a )?half\b", "50 percent"),
    (r"\bby (?:a|one) third\b", "33 percent"),
    (r"\bby (?:a|one) quarter\b", "25 percent"),
)
_DECIMAL_COMMA = re.compile(r"(?<![\d.,])(\d+),(\d{1,2})(?![\d.,])")
"""As much of Europe writes 1.5; three digits after a comma may be thousands."""

_TOKEN = re.compile(
    r"(?P<a>\d+(?:\.\d+)?)\s*(?P<sep>:|x|×|/|\bby\b)\s*(?P<b>\d+(?:\.\d+)?)(?![\w.])"
    r"|(?P<decade>(?:19)?\d0s\b|35mm\b)"
    r"|(?:(?P<sign>(?<![\w.])[+-])\s*)?(?P<n>\d+(?:\.\d+)?|\.\d+)\s*"
    r"(?P<unit>%|percent\b|per cent\b|pct\b|°|degrees?\b|degs?\b|deg\b"
    r"|(?:f-?)?stops?\b|ev\b|x\b|times\b)?"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)*)"
    r"|(?P<mark>[,;:.!?&+])"
    r"|(?P<other>\S)"
)
_UNITS = {
    "%": "percent", "percent": "percent", "per cent": "percent", "pct": "percent",
    "°": "degrees", "x": "times", "times": "times", "ev": "stops",
}  # fmt: skip
_SILENT = set("\"()[]{}*–—…~!'")


@dataclass(frozen=True)
class Token:
    """A word, a mark or a number with its unit.

    Attributes:
        text: as normalised, lower case.
        value: the number, if it is one.
        unit: "percent", "stops", "degrees", "times" or "".
        signed: −1 or +1 if the number was written with a sign, else 0.
        pair: (w, h) of "16:9".
    """

    text: str
    value: float | None = None
    unit: str = ""
    signed: int = 0
    pair: tuple[float, float] | None = None


def normalized(text: str) -> str:
    """Lower case, plain quotes and dashes, contractions spelled out, fractions as numbers."""
    low = meaningful(text).lower()
    for typed, straight in (
        ("’", "'"),
        ("‘", "'"),
        ("“", '"'),
        ("”", '"'),
        ("−", "-"),
        ("½", "0.5"),
        ("¼", "0.25"),
        ("¾", "0.75"),
        ("´", "'"),
        ("–", "-"),
        ("—", " - "),
    ):
        low = low.replace(typed, straight)
    low = _DECIMAL_COMMA.sub(r"\1.\2", low)
    for pattern, spelled in (*_CONTRACTIONS, *_PHRASES):
        low = re.sub(pattern, spelled, low)
    low = re.sub(r"\b(\d+)/(\d+) (?:of an? )?(stop|ev|degree)", _fraction, low)
    low = re.sub(r"(?<![\w:])([+-])\s?(\d)/(\d)(?![\w:])", _signed_fraction, low)
    counted = "|".join(_NUMBER_WORDS)
    low = re.sub(rf"\b({counted})(\.5)? ({_UNIT}|times)", _counted, low)
    # A hyphen inside a word joins two words ("blown-out"); before a figure it is a sign.
    return re.sub(r"(?<=[^\W\d_])-(?=[^\W\d_])", " ", low)


def _fraction(match: re.Match[str]) -> str:
    below = float(match[2]) or 1.0
    return f"{float(match[1]) / below:.3f} {match[3]}"


def _signed_fraction(match: re.Match[str]) -> str:
    return f"{match[1]}{float(match[2]) / (float(match[3]) or 1.0):.3f}"


def _counted(match: re.Match[str]) -> str:
    return f"{_NUMBER_WORDS[match[1]]}{match[2] or ''} {match[3]}"


def tokens(text: str) -> list[Token]:
    """Cut a phrase into tokens; quotes, brackets and dashes are dropped."""
    found: list[Token] = []
    for match in _TOKEN.finditer(normalized(text)):
        if match["a"]:
            pair = (float(match["a"]), float(match["b"]))
            found.append(Token(match[0], pair=pair))
        elif match["n"]:
            unit = match["unit"] or ""
            name = _UNITS.get(unit) or ("stops" if "stop" in unit else "degrees" if unit else "")
            sign = {"+": 1, "-": -1}.get(match["sign"] or "", 0)
            found.append(Token(match[0].strip(), float(match["n"]), name, sign))
        elif match["decade"]:
            found.append(Token(match["decade"]))
        elif match["word"]:
            found.append(Token(match["word"]))
        elif match["mark"]:
            mark = match["mark"]
            found.append(Token("and" if mark in "&+" else ","))
        elif match["other"] not in _SILENT and match["other"] != "-":
            found.append(Token(match["other"]))
        elif match["other"] == "-":
            found.append(Token(","))
    return found
