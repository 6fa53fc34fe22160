"""The `annot` command: thin."""
