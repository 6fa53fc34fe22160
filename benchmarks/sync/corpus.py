"""Made-up articles, a stand-in for a model, and what an annotator might have answered."""

from collections.abc import Sequence

from annotate.annotation import Scores
from annotate.article import Article, Sentence, sentence_uid
from annotate.studio.tasks import Json, to_task

_LENGTH = 40  # sentences an article
MODEL = "stand-in"


def articles(number: int) -> list[tuple[Article, list[Sentence]]]:
    """Return articles that come to a number of sentences, each with the contexts that real ones have."""
    return [_article(first, min(_LENGTH, number - first)) for first in range(0, number, _LENGTH)]


def _article(first: int, length: int) -> tuple[Article, list[Sentence]]:
    identity = f"{first:016x}"
    texts = [
        f"The council said on day {first + place} that the harbour would be sold, and that nobody had asked it to."
        for place in range(length)
    ]
    sentences, at = [], 0
    for place, text in enumerate(texts):
        fields = {"article_id": identity, "start": at, "end": at + len(text), "text": text, "paragraph": 1 + place // 4}
        around = {"context_before": " ".join(texts[max(0, place - 2) : place]), "section": "body"}
        uid = sentence_uid(identity, at, at + len(text), text)
        around["context_after"] = " ".join(texts[place + 1 : place + 3])
        sentences.append(Sentence.model_validate({"uid": uid} | fields | around))
        at += len(text) + 1
    article = Article(id=identity, title=f"The harbour, part {first}", outlet="The Gazette", text=" ".join(texts))
    return article, sentences


def suggest(sentences: Sequence[Sentence]) -> list[Scores]:
    """Say of every sentence that it predicts something."""
    labels = {"Loaded term": 0.1, "Unsourced claim": 0.2, "Prediction": 0.9}
    return [Scores(**dict(one), model=MODEL, labels=labels, decided=("Prediction",)) for one in sentences]


def answered(number: int) -> list[Json]:
    """Return tasks that carry an answer each."""
    item = {"from_name": "claims", "to_name": "sentence", "type": "choices", "value": {"choices": ["Prediction"]}}
    return [
        {"data": to_task(sentence, article), "annotations": [{"result": [item], "lead_time": 4.5}]}
        for article, sentences in articles(number)
        for sentence in sentences
    ]
