"""Passages become speech: engines, the workers that run them, and the cache that remembers."""
