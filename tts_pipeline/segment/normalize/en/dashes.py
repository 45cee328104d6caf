"""Quotes, dashes and runs of punctuation, for the pauses that they stand for."""

from tts_pipeline.segment.normalize.rule import MASK, rule

RULES = (
    rule(
        "dash",
        rf"(?<=[\w.,!?\"')\]{MASK}])(?:—|―|--{{1,2}}|–(?=[^0-9\s]))(?=[\w\"'(\[{MASK}])",
        lambda _: " — ",
        "—―-–",
    ),
    rule("rule", r"(?<![\w-])(?:[-=_~*#.]\ ?){4,}(?!\w)", lambda _: " ", "-=_~*#."),
    rule("ellipsis", r"(?:\.\ ){2,8}\.|\.{4,}", lambda _: "...", "."),
    rule("shout", r"(?P<mark>[!?])[!?]+", lambda match: "?" if "?" in match[0] else "!", "!?"),
    rule("brackets", r"\[(?:\.{3}|…)\]", lambda _: "...", "["),
    rule("backtick", r"``|''|`", lambda _: "", "`'"),
)
