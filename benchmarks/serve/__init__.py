"""`annot serve` while several people label and a model is trained, and what becomes of its faults."""
