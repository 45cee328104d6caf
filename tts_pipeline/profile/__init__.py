"""Shows and voices: feeds/*.toml and voices/*.toml, checked, with errors that name file, key and line."""
