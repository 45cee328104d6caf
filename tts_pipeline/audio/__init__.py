"""Sound as bytes: level, loudness, music beds, MP3 frames.

PCM is signed 16-bit little-endian, one channel.
"""
