"""The articles that the project started from, and how their starter labels were made."""
