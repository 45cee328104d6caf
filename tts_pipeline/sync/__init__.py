"""One run over everything: fetch, decide, make, pages, feeds, publish; as often as one likes.

    shows -> fetch -> posts -> retries -> make -> site, feed -> publish -> summary

A lock keeps two runs over one output folder apart, and the kernel lets go of it whatever ends the
process. What fails is told and the rest goes on; a post that failed waits longer each time before
it is tried again, and is named until it works.
"""
