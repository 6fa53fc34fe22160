"""Readers, against real files and a server of the tests' own."""
