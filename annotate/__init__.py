"""Annotate news text for loaded terms, unsourced claims and predictions, and learn to do it."""
