"""How far several annotators agree, whom to trust, and what they have to decide."""
