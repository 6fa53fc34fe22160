"""Profiles of sources as JSON-LD, in the words of schema.org and of the credibility signals that labels stand for.

Which signal a label is an observation of stands in the labeling configuration (``signal="https://…"``); the one that
comes with the package names those of the W3C Credible Web Community Group (https://credweb.org/signals-20191126). An
observation is how large a share of the sentences carries the label: it is no verdict on the source.
"""

import json
from collections.abc import Iterator
from typing import Any

from annotate.quality.figure import Figure
from annotate.schema import LabelSchema
from annotate.scoring.display import model_name
from annotate.scoring.source_records import SourceLabel, SourceProfile, SourceProfiles

CONTEXT: dict[str, Any] = {
    "@version": 1.1,
    "schema": "http://schema.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "id": "@id",
    "type": "@type",
    "observations": "@graph",
    "name": "schema:name",
    "observationAbout": "schema:observationAbout",
    "measuredProperty": "schema:measuredProperty",
    "signal": {"@id": "skos:closeMatch", "@type": "@id"},
    "measurementTechnique": "schema:measurementTechnique",
    "startDate": {"@id": "schema:startDate", "@type": "xsd:date"},
    "endDate": {"@id": "schema:endDate", "@type": "xsd:date"},
    "size": "schema:size",
    "value": "schema:value",
    "minValue": "schema:minValue",
    "maxValue": "schema:maxValue",
    "unitText": "schema:unitText",
    "description": "schema:description",
}
_TYPES = {"outlet": "schema:NewsMediaOrganization", "author": "schema:Person", "month": "schema:Event"}
_LIMITS = "A share of sentences by their style. It does not say whether they are true."


def to_jsonld(profiles: SourceProfiles, schema: LabelSchema) -> str:
    """Write one JSON-LD document: an observation for each source and label; sources of too few have none."""
    observations = [
        _observation(source, label, profiles, schema) for source in profiles.sources for label in source.labels
    ]
    document = {"@context": CONTEXT, "observations": observations}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _observation(
    source: SourceProfile, label: SourceLabel, profiles: SourceProfiles, schema: LabelSchema
) -> dict[str, Any]:
    figure, how = (label.share, "share by the model's threshold")
    if label.adjusted_share is not None and label.adjusted_share.value is not None:
        figure, how = (label.adjusted_share, "share adjusted for the model's errors")
    by = f" of {model_name(profiles.model)}" if profiles.model else ""
    return {
        "type": "schema:Observation",
        "observationAbout": {"type": _TYPES[profiles.by], "name": source.name},
        "measuredProperty": dict(_property(label.label, schema)),
        "measurementTechnique": f"{how}{by}; interval of 95 percent by resampling articles",
        "size": source.n_articles,
        **({"startDate": source.first, "endDate": source.last} if source.first else {}),
        "value": _value(figure),
        "description": _LIMITS,
    }


def _property(name: str, schema: LabelSchema) -> Iterator[tuple[str, str]]:
    yield "type", "schema:Property"
    yield "name", name
    signal = next((label.signal for label in schema.labels if label.name == name), None)
    if signal:
        yield "signal", signal


def _value(figure: Figure) -> dict[str, Any]:
    ends = {"value": figure.value, "minValue": figure.low, "maxValue": figure.high}
    known = {name: end for name, end in ends.items() if end is not None}
    return {"type": "schema:QuantitativeValue", **known, "unitText": "share of sentences"}
