"""What is known of the licences of public corpora; ``docs/datasets.md`` says what each allows."""

from collections.abc import Mapping

LICENCES: Mapping[str, str] = {
    "babe": "AGPL-3.0 (repository), CC BY-NC 4.0 (the group's models)",
    "ptc": "none stated",
    "polnear": "none stated",
    "future-tense": "none stated",
    "anno-lexical": "MIT (repository), CC BY-NC 4.0 (the group's models)",
    "newssd": "CC BY 4.0",
}
