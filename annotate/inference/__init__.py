"""A trained model as a plain function, without torch."""
