"""Encoders: found, described, made into a graph that serves, averaged, and taught on."""
