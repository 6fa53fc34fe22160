"""Labels from elsewhere, turned into annotation records: one adapter a file."""
