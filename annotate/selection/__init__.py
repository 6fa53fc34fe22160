"""What to label next: which sentences teach a model most, and when more of them stop paying."""
