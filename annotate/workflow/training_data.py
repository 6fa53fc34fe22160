"""What is told of the labels that a model is trained on."""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from annotate.annotation import Annotation, articles_of, told_apart
from annotate.corpus.store import to_lines
from annotate.models.training_record import TrainingData
from annotate.quality.adjudication import origin_of
from annotate.schema import LabelSchema


def described(
    given: tuple[Sequence[Annotation], Sequence[Annotation]],
    labelled: Sequence[Annotation],
    warmup: Sequence[Annotation],
    starter: Sequence[Annotation],
    schema: LabelSchema,
) -> TrainingData:
    """Describe the labels; ``given`` is what annotators said of them, and of those to warm up on."""
    annotations, to_warm_up = given
    return TrainingData(
        digest=_digest(annotations),
        warmup_digest=_digest(warmup) if warmup else None,
        starter_digest=_digest(starter) if starter else None,
        n_sentences=len(labelled),
        n_warmup=len(warmup),
        n_starter=len(starter),
        labels=tuple(told_apart(labelled, schema)),
        articles=articles_of(labelled),
        warmup_articles=articles_of(warmup),
        annotators=tuple(sorted({annotation.annotator for annotation in annotations})),
        origins=_origins(annotations, labelled),
        warmup_origins=_origins(to_warm_up, warmup),
        corpora=dict(Counter(each.corpus for each in (*labelled, *warmup) if each.corpus)),
    )


def _origins(annotations: Sequence[Annotation], labelled: Sequence[Annotation]) -> dict[str, int]:
    given: dict[str, list[Annotation]] = {each.uid: [] for each in labelled}
    for annotation in annotations:
        if annotation.uid in given:
            given[annotation.uid].append(annotation)
    return dict(Counter(map(origin_of, given.values())))


def _digest(annotations: Sequence[Annotation]) -> str:
    # Sorted, so that the same labels from files in another order have the same digest.
    return sha256("".join(sorted(to_lines(annotations))).encode()).hexdigest()
