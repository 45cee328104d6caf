"""Turns posts into podcasts: speech, chapters, MP3 and an RSS feed, unattended."""

__version__ = "0.1.0"
