"""What `annot ingest` takes on corpora of growing size."""
