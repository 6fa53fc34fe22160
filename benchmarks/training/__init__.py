"""What an epoch of training takes, beside transformers' Trainer."""
