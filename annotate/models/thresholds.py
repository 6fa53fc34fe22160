"""From which probability on a model decides for a label, and where it is not sure."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from annotate.record import Record
from annotate.schema import LabelSchema

Cut = Annotated[float, Field(gt=0.0, lt=1.0)]


class Thresholds(Record):
    """The lowest probabilities that count, by label.

    ``sentences`` holds those of carrying a label, ``words`` those of a word in a sentence that carries a span label;
    labels of a single choice have none. ``evidence`` says how much the logit of a sentence's likeliest word adds to the
    sentence's own, by span label; without one, nothing. ``unsure`` holds the band around the first, both ends included,
    in which decisions were wrong too often; a label without one has none.
    """

    sentences: Mapping[str, Cut]
    words: Mapping[str, Cut] = {}
    evidence: Mapping[str, Annotated[float, Field(ge=0.0)]] = {}
    unsure: Mapping[str, tuple[Cut, Cut]] = {}

    def fit(self, schema: LabelSchema) -> bool:
        """Tell whether they are of a schema's labels."""
        decided = {name for q in schema.questions if q.kind != "single choice" for name in q.names}
        marked = {name for q in schema.span_questions for name in q.names}
        labels = {label.name for label in schema.labels}
        return (
            decided == self.sentences.keys()
            and marked == self.words.keys() >= self.evidence.keys()
            and self.unsure.keys() <= labels
        )

    def doubts(self, label: str, probability: float) -> bool:
        """Tell whether a probability lies in the band of a label."""
        band = self.unsure.get(label)
        return band is not None and band[0] <= probability <= band[1]
