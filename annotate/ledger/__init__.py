"""What was said would happen: when, how firmly, and whether it did."""
