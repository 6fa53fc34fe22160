"""Articles in: reading files, leaving out furniture, cutting sentences, storing records."""
