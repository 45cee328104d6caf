"""A voice of a public collection becomes a voice of this machine."""
