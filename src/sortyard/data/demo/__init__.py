"""A support archive that nobody had to write to us: the one that `sortyard demo` learns from."""
