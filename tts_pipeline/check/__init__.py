"""Episodes and other MP3s become findings: what is not right in them, and what to do about it."""
