"""Sentences of a block, and clauses of a sentence that an engine cannot take whole.

sentencex finds the boundaries; the fix-ups here take back those that it finds after
abbreviations and list numbers, and add those that it misses after emoticons and parentheses.
Neither loses a character that is not white space: joined, the pieces are the text again.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator

# A boundary after these is none where a figure, a letter in lower case or a bracket follows.
_BEFORE_FIGURE = re.compile(
    r"(?:^|[\s(\[\"'“‘])(?:approx|appx|ca?|cap|ch|chs|chap|chaps|eqn?s?|fig|figs|sect?|secs|§|vols?|"
    r"nos?|nr|pp?|pgs?|para|paras|thm|prop|lem|cor|def|defn|ex|app|art|arts|refs?|tabs?|ver|vs|viz|cf|"
    r"al|et|est|min|max|avg|incl|excl|esp|resp|e\.g|i\.e|eg|ie|w\.r\.t|ed|eds|trans|rev|bn|mn|jan|"
    r"feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|v|n|N|No|Nos|St|Dr|Mr|Mrs|Ms|Prof)\.\s*$",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"[\d(\[#§$€£~≈<>±+−-]|[a-z]")
# After these never: a name follows, or the word that they stand for goes on.
_BEFORE_NAME = re.compile(
    r"(?:^|[\s(\[\"'“‘])(?:Mr|Mrs|Ms|Mx|Dr|Drs|Prof|Profs|St|Sen|Rep|Gov|Gen|Capt|Lt|Sgt|Rev|Hon|"
    r"[Vv]s|[Cc]f|[Ee]\.g|[Ii]\.e|[Vv]iz|[Aa]pprox|[Ii]ncl|[Ee]sp|pp|Eqs?|Figs?|Sec|Ch|Thm|"
    r"Prop|Def|Lem|Vols?)\.\s*$"
)
_NUMBER = re.compile(
    r"^\s*(?:[-*•⁃◦]\s*$|(?:[-*•⁃◦]\s*)?\(?(?:\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})(?:[.)]|\.\))\s*$)"
)
_DOT_NAME = re.compile(r"\.[A-Za-z]")
_DOT_ALONE = re.compile(r"\s\.$")
_EMOJI = "[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?"
# What closes the sentence before it: an emoji, an emoticon, the end of emphasis.
_CLOSING = re.compile(rf"{_EMOJI}|[:;]-?[)(DPp](?:\s|$)|[*_]{{1,3}}(?:\s|$)")
_STARTS = (
    "The|This|That|These|Those|It|He|She|We|You|They|I|In|On|At|But|And|So|If|When|While|What|Why|"
    "How|There|Here|Nobody|No|Not|Most|Some|Many|All|As|For|Then|Now|My|Our|Your|Their|His|Her|Its|"
    "Is|Are|Do|Does|Let|One|Each|Every|Another|However|Also|To"
)
_OPEN = "[\"'“‘(\\[]{0,2}"
_MISSED = re.compile(
    rf"""(?:
      \b(?:[Ii]nc|[Cc]o|Ltd|Corp|Jr|Sr|etc)\.["'”’)\]]?\s+(?=(?:{_STARTS})\b)
    | \betc\.\s+(?=[A-Z])
    | (?<!\S)(?:[:;]-?[)(DPp]|<3|\^\^|:'\(|¯\\_\(ツ\)_/¯)\s+(?={_OPEN}[A-Z])
    | (?<!\[\.\.)(?<!\[)[.!?…]["'”’]?[)\]]["'”’]?\s+(?={_OPEN}[A-Z])
    | [.!?…][*_]{{1,3}}\s+(?={_OPEN}[A-Z])
    | [.!?…]["'”’]{{1,2}}\s+(?={_OPEN}(?:{_STARTS})\b)
    | (?:{_EMOJI}\s?){{1,8}}\s+(?={_OPEN}[A-Z])
    )""",
    re.VERBOSE,
)
# Items written in one run: "1. First 2. Second".
_LISTED = re.compile(r"\s{0,3}(?:[⁃•]|1[.)])")
_ITEM = re.compile(r"(?<=\s)(?:(?<![⁃•]\s)\d{1,2}(?:\.|\)|\.\))|[⁃•]\s?\d{1,2}\.)\s+(?=[A-Z])")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CLAUSES = (
    re.compile(r"[;:][\"'”’)\]]*\s+|—|\s(?:–|--)\s"),
    re.compile(r",[\"'”’)\]]*\s+|(?<=\))\s+|\s(?=\()"),
    re.compile(
        r"\s(?=(?:and|but|or|nor|so|yet|because|although|though|while|which|who|that|when|where|"
        r"if|unless|until|since|as)\s)"
    ),
    re.compile(r"\s"),
)
"""Where a long sentence is cut, the best kind of place first."""


def split(text: str, language: str = "en") -> list[str]:
    """The sentences of `text`, none empty, without the white space between them."""
    cuts = _cuts(text, language)
    if primary(language) == "en":
        cuts = list(_without_false(text, sorted({*cuts, *_missed(text)})))
    return _at(text, cuts)


def clauses(sentence: str, limit: int) -> list[str]:
    """Pieces of at most `limit` characters, cut where a reader would breathe.

    A cut after `;`, `:` or a dash is better than one at a comma, that than one before a
    conjunction, that than one at white space; a longer word than `limit` is cut anywhere.
    """
    if limit < 1:
        raise ValueError(f"a clause cannot be of at most {limit} characters")
    places = [list(_places(kind, sentence)) for kind in _CLAUSES]
    pieces: list[str] = []
    start = 0
    while start < len(sentence):
        if sentence[start].isspace():
            start += 1
            continue
        end = len(sentence) if len(sentence) - start <= limit else _cut(places, start, limit)
        pieces.append(sentence[start:end].rstrip())
        start = end
    return pieces


def _places(kind: re.Pattern[str], sentence: str) -> Iterator[int]:
    """Where the words before each boundary end."""
    for match in kind.finditer(sentence):
        yield match.start() + len(match[0].rstrip())


def _cut(places: list[list[int]], start: int, limit: int) -> int:
    """The last place of the best kind that leaves no scrap; else any; else in mid-word."""
    for least in (limit // 3, 0):
        for ends in places:
            at = bisect_right(ends, start + limit) - 1
            if at >= 0 and ends[at] > start + least:
                return ends[at]
    return start + limit


def _cuts(text: str, language: str) -> list[int]:
    """Where sentencex ends sentences; nowhere when its pieces are not the text."""
    import sentencex  # noqa: PLC0415  a compiled module, not needed for --help

    sound = _SURROGATE.sub("\ufffd", text)
    pieces = sentencex.segment(primary(language), sound)
    if "".join(pieces) != sound:
        return []
    cuts, at = [], 0
    for piece in pieces:
        at += len(piece)
        cuts.append(at)
    return cuts


def _without_false(text: str, cuts: Iterable[int]) -> Iterator[int]:
    start = 0
    for cut in cuts:
        before, after = text[max(start, cut - 40) : cut], text[cut : cut + 40].lstrip()
        broken = "\n\n" in text[max(start, cut - 3) : cut + 3]
        if not broken and _is_false(before, after, whole=cut - start <= 40):
            continue
        yield cut
        start = cut


def _is_false(before: str, after: str, *, whole: bool) -> bool:
    """Whether the sentence goes on; `whole`: `before` is all of it so far."""
    return bool(
        after
        and (
            _BEFORE_NAME.search(before)
            or _DOT_NAME.match(after)
            or _DOT_ALONE.search(before)
            or _CLOSING.match(after)
            or (_BEFORE_FIGURE.search(before) and _FIGURE.match(after))
            or (whole and _NUMBER.match(before))
        )
    )


def _missed(text: str) -> Iterator[int]:
    for match in _MISSED.finditer(text):
        yield match.end()
    if _LISTED.match(text):
        for match in _ITEM.finditer(text):
            yield match.start()


def primary(language: str) -> str:
    """The language itself, `en` of `en-us`."""
    return language.replace("_", "-").partition("-")[0].lower()


def _at(text: str, cuts: Iterable[int]) -> list[str]:
    pieces, start = [], 0
    for cut in (*cuts, len(text)):
        piece = text[start:cut].strip()
        if piece:
            pieces.append(piece)
        start = cut
    return pieces
