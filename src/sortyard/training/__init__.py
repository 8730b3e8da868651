"""From examples to a fitted classifier."""
