"""Pushes and pulls beside the bare SDK of Label Studio."""
