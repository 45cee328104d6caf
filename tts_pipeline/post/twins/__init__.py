"""Which posts of a library are the same post.

A post on two forums, a repost, a post with a paragraph added at one of its homes: one post, to be
spoken once. What a post says of itself counts first: an address or an identifier that two posts
share. Then equal words, whatever the markup. Then words that are nearly equal: the share of all
runs of three words that both have. Real copies score above .8, and posts that merely are about
the same thing below .1, so the threshold between them is not delicate.

Precision comes first, since a wrong match silences a post. Titles that differ in a number, a month
or a year name two parts of a series, however alike their words. Where words differ counts as much
as how many do: a copy is edited here and there or has a preamble, while posts from one template
have a passage each. Two posts of one site are the same only if hardly a word differs: a monthly
thread repeats its rules each month. A post that stands inside a longer one is an excerpt, and one
that leads to another in words of its own is a linkpost: they are labelled, and stay.

Each decision is data, with its reason and its score, and a show can overrule it.
"""

from tts_pipeline.post.twins.address import same_post
from tts_pipeline.post.twins.decide import Decision, decide
from tts_pipeline.post.twins.difference import only_in
from tts_pipeline.post.twins.index import Index
from tts_pipeline.post.twins.prints import Print
from tts_pipeline.post.twins.relation import Entry, Kind, Link

__all__ = [
    "Decision",
    "Entry",
    "Index",
    "Kind",
    "Link",
    "Print",
    "decide",
    "only_in",
    "same_post",
]
