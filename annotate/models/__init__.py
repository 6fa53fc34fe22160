"""What a trained model folder holds, and the arithmetic that learning and inference share."""
