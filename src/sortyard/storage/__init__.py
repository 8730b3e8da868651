"""What is kept: one SQLite file by default, or PostgreSQL by its URL, behind the same ports."""
