"""What measuring agreement takes, and nltk beside it."""
