"""Sort a company's incoming messages into its own labels, and know how sure the answer is."""

__version__ = "0.1.0"
