"""The whole loop, against a real Label Studio and a real browser."""
