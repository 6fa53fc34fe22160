"""The page on which people say what came of a prediction: a labeling configuration of its own."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple, Self, cast, get_args

from annotate.errors import ConfigError
from annotate.labeling_xml import parse_config, read_config
from annotate.ledger.entry import Outcome

EVIDENCE = "evidence"
NOTE = "note"
FIELDS = frozenset(("title", "source_line", "context_before", "sentence", "context_after", "when", "how", "url", "uid"))
"""The fields of a task that the page may show (as ``$field``)."""


class LedgerConfig(NamedTuple):
    """The question of the page by name, and the outcome that each of its choices stands for."""

    xml: str
    question: str
    outcomes: Mapping[str, Outcome]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read a page; raises ``ConfigError`` when the file cannot be read, or is not one for verdicts."""
        return read_config(path, cls.parse)

    @classmethod
    def parse(cls, xml: str) -> Self:
        """Parse a page; raises ``ConfigError`` with what is wrong with it."""
        root = parse_config(xml, FIELDS)
        asked = [tag for tag in root.iter("Choices") if any("outcome" in choice.attrib for choice in tag)]
        if len(asked) != 1 or not asked[0].get("name"):
            raise ConfigError('not a page for verdicts: one <Choices> is needed whose <Choice>s have outcome="…"')
        outcomes = {choice.get("value", ""): choice.get("outcome", "") for choice in asked[0].iter("Choice")}
        known = set(get_args(Outcome))
        if set(outcomes.values()) != known or len(outcomes) != len(known):
            raise ConfigError(f"every outcome must have one <Choice>, and no other: {', '.join(get_args(Outcome))}")
        if len([tag for tag in root.iter("Text") if tag.get("value") == "$sentence"]) != 1:
            raise ConfigError('one <Text name="…" value="$sentence"/> is needed, for the sentence to be shown')
        return cls(xml, asked[0].get("name", ""), cast("Mapping[str, Outcome]", outcomes))
