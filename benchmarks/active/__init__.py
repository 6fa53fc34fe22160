"""Simulated labelling of public corpora, by this package's choice of sentences and by others."""
