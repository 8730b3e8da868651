"""The `sortyard` program."""
