"""Numbers by which states know people, each with the check that it carries."""
