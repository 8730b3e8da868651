"""How good a release is, in numbers that carry their uncertainty."""
