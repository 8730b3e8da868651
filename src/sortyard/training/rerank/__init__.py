"""A cross-encoder for close calls, trained where held-out messages gain by it."""
