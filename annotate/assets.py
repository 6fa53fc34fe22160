"""Files that come with the package: in a wheel beside this module, in a checkout at the top of the repository."""

from pathlib import Path

_PACKAGE = Path(__file__).parent
_IN_CHECKOUT = {"codebook.md": "docs/codebook.md"}


def asset(name: str) -> Path:
    """Return the path of ``labeling_config.xml``, ``ledger_config.xml``, ``codebook.md`` or the folder ``seeds``."""
    packaged = _PACKAGE / "_assets" / name
    return packaged if packaged.exists() else _PACKAGE.parent / _IN_CHECKOUT.get(name, name)
