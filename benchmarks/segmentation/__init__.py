"""Sentence boundaries, furniture and speed, beside other splitters: ``python -m benchmarks.segmentation``."""
