"""Quality of the recipe beside what a user would pick instead, on public corpora."""
