"""`annot serve`: a trained model for Label Studio, for other programs and for people, and its training meanwhile."""
