"""Episodes become a podcast: the RSS feed, its show notes and its cover, made from the records.

Nothing here looks at posts, voices or the clock. A feed names only what lies in the output
directory and is as its record says, and the same records give the same bytes.
"""
