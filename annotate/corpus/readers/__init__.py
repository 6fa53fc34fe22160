"""Sources of every kind to articles that are yet to be segmented."""
