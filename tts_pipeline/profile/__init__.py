"""feeds/*.toml and voices/*.toml become shows and voices; errors name file, key and line."""
