"""Episodes become pages: each show's, each episode's, and what leads to them, as static files.

The pages show what the feed names: the same episodes in the same order at the same addresses.
They work without script, ask no other host for anything, and the same records give the same bytes.
"""
