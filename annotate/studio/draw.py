"""Sentences drawn by chance, the same ones whoever draws and however often."""

from hashlib import sha256


def is_drawn(uid: str, purpose: str, share: float) -> bool:
    """Tell whether a sentence is among the share (0 to 1) that is drawn for a purpose.

    Each purpose draws independently. Who is drawn for a share is drawn for every larger one.
    """
    return lot(uid, purpose) < share


def lot(uid: str, purpose: str) -> float:
    """Return the number, from 0 to 1, that a sentence draws for a purpose."""
    digest = sha256(f"{purpose}\0{uid}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64
