"""How fast articles are scored, beside what else would score them with the same weights."""
