"""What happens to a text before any model reads it."""
