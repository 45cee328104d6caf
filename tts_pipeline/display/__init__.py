"""What a person or a script sees: bars and lines on a terminal, JSON for scripts."""
