"""Planted errors in the labels of a public corpus, and how many a review finds."""
