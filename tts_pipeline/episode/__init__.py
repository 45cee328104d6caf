"""Speech becomes an episode: slate, timeline, MP3, tags, record."""
