"""Whether a feed, and what it names, is what directories and apps take."""
