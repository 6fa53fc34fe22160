"""Exports as linked data, read by an independent implementation of JSON-LD with the specifications' own contexts."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyld import jsonld

from annotate.annotation import Annotation
from annotate.article import Article
from annotate.schema import LabelSchema
from annotate.scoring.profile import Evidence
from annotate.scoring.signals import to_jsonld
from annotate.scoring.web_annotation import CONTEXT, to_web_annotations
from scoring.scored import make_schema, make_scores, make_span
from scoring.sourced import profiled, source

CONTEXTS = {CONTEXT: Path(__file__).parent / "contexts" / "anno.jsonld"}
OA = "http://www.w3.org/ns/oa#"
SCHEMA = make_schema()
TEXT = 'Before. The "regime" <b>will</b> fall. After.'
SENTENCE = 'The "regime" <b>will</b> fall.'


def load(url: str, options: Any) -> dict[str, Any]:
    """Load a context from the files here; no other is fetched."""
    document = json.loads(CONTEXTS[url].read_text("utf-8"))
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": document}


def expanded(text: str) -> list[dict[str, Any]]:
    """Expand a document, and check that no property was dropped for not being in its context."""
    document = json.loads(text)
    found: list[dict[str, Any]] = jsonld.expand(document, {"documentLoader": load})
    assert _n_values(found) == _n_values({key: value for key, value in document.items() if key != "@context"})
    return found


def _n_values(node: object) -> int:
    """Count the strings and numbers of a document, without those that name types and containers."""
    if isinstance(node, dict):
        return sum(_n_values(value) for key, value in node.items() if key not in ("type", "@type"))
    return sum(map(_n_values, node)) if isinstance(node, list) else 1


def annotations(evidence: Evidence | None = None, article: Article | None = None) -> list[dict[str, Any]]:
    score = make_scores(
        SENTENCE, {"Loaded term": 0.9, "Claim": 0.8}, (make_span(SENTENCE, "regime"),), place=(8, 1, "body")
    )
    article = article or Article(id="a", text=TEXT, url="https://example.org/1")
    (collection,) = expanded(to_web_annotations([(article, [score])], SCHEMA, evidence or Evidence()))
    assert collection["@type"] == ["http://www.w3.org/ns/activitystreams#OrderedCollection"]
    (page,) = collection["http://www.w3.org/ns/activitystreams#first"]
    found: list[dict[str, Any]] = page["http://www.w3.org/ns/activitystreams#items"][0]["@list"]
    return found


def test_every_label_is_an_annotation_of_its_words_on_the_original_page() -> None:
    term, claim = annotations()
    for annotation, exact in ((term, "regime"), (claim, SENTENCE)):
        assert annotation["@type"] == [f"{OA}Annotation"]
        assert annotation["@id"].startswith("urn:uuid:")
        (target,) = annotation[f"{OA}hasTarget"]
        assert target[f"{OA}hasSource"] == [{"@id": "https://example.org/1"}]
        (selector,) = target[f"{OA}hasSelector"]
        assert selector["@type"] == [f"{OA}TextQuoteSelector"]
        words = "".join(selector[f"{OA}{part}"][0]["@value"] for part in ("prefix", "exact", "suffix"))
        assert selector[f"{OA}exact"] == [{"@value": exact}]
        assert words in TEXT
    tags = [
        body["http://www.w3.org/1999/02/22-rdf-syntax-ns#value"][0]["@value"]
        for annotation in (term, claim)
        for body in annotation[f"{OA}hasBody"]
        if body[f"{OA}hasPurpose"] == [{"@id": f"{OA}tagging"}]
    ]
    assert tags == ["Loaded term", "Claim"]


def test_the_same_scores_have_the_same_names() -> None:
    names = [annotation["@id"] for annotation in annotations()]
    assert names == [annotation["@id"] for annotation in annotations()]
    assert len(set(names)) == len(names)


def test_what_a_person_said_is_a_persons() -> None:
    score = make_scores(SENTENCE, {"Claim": 0.8}, place=(8, 1, "body"))
    answer = Annotation(**dict(score.sentence), annotator="gold", answers={"terms": ()}, origin="manual")
    (claim,) = annotations(Evidence({score.uid: answer}))
    assert claim["http://purl.org/dc/terms/creator"][0]["@type"] == ["http://www.w3.org/ns/activitystreams#Application"]
    answer = answer.model_copy(update={"answers": {"claims": ("Claim",), "terms": ()}})
    (claim,) = annotations(Evidence({score.uid: answer}))
    assert claim["http://purl.org/dc/terms/creator"][0]["@type"] == ["http://xmlns.com/foaf/0.1/Person"]


@pytest.mark.parametrize("url", [None, "javascript:alert(1)", "file:///etc/passwd"])
def test_an_article_without_an_address_is_named_otherwise(url: str | None) -> None:
    (annotation, *_) = annotations(article=Article(id="a", text=TEXT, url=url))
    (target,) = annotation[f"{OA}hasTarget"]
    assert target[f"{OA}hasSource"][0]["@id"].startswith("urn:uuid:")


def test_sources_are_observations_of_the_signals_that_labels_stand_for(schema: LabelSchema) -> None:
    signals = [label.signal for label in schema.labels]
    asked = make_schema(more_choices=f'<Choice value="Signalled" signal="{signals[0]}"/>')
    scores = [
        score.model_copy(update={"labels": {**score.labels, "Signalled": 0.1}}) for score in source("Here", [1] * 5)
    ]
    profiles = profiled([*scores], asked)
    found = expanded(to_jsonld(profiles, asked))
    assert len(found) == len(asked.labels)
    measured = [each["http://schema.org/measuredProperty"][0] for each in found]
    near = "http://www.w3.org/2004/02/skos/core#closeMatch"
    assert [each.get(near) for each in measured] == [None, None, [{"@id": signals[0]}]]
    for each in found:
        assert each["@type"] == ["http://schema.org/Observation"]
        about = each["http://schema.org/observationAbout"][0]
        assert about["http://schema.org/name"] == [{"@value": "Here"}]
        assert {"http://schema.org/value", "http://schema.org/minValue"} <= each["http://schema.org/value"][0].keys()


def test_the_signals_of_the_package_are_those_of_the_credible_web_group(schema: LabelSchema) -> None:
    signals = {label.name: label.signal for label in schema.labels if label.signal}
    assert signals.keys() == {"Loaded term", "Unsourced claim"}
    assert all(signal.startswith("https://credweb.org/signals-20191126#") for signal in signals.values())


def test_too_few_are_no_observation() -> None:
    assert expanded(to_jsonld(profiled(source("Here", [1] * 3), SCHEMA), SCHEMA)) == []
