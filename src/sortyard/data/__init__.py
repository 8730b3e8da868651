"""Archives as the user has them, made into examples and splits."""
