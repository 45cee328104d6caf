"""Blocks become chapters and segments: written and spoken text side by side."""
