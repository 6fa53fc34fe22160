"""How numbers are put in words."""


def counted(number: int, thing: str) -> str:
    """Write a number of things, as in "1 sentence" and "2 sentences"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
