"""From a network's outputs to scores, and from scores to answers."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp, log

import numpy as np
import numpy.typing as npt

from annotate.annotation import Annotation, Answer, LabelledSpan, ScoredSpan, Scores, WordScores
from annotate.article import Sentence
from annotate.models.thresholds import Thresholds
from annotate.models.tokenization import Ids, Window, of_one_length, stacked
from annotate.schema import LabelSchema, Question
from annotate.words import Place, words_of

Floats = npt.NDArray[np.float32]
Row = Sequence[float]
Logits = tuple[Floats, Floats]  # of the sentences and of the tokens
Network = Callable[[Ids], Logits]  # of windows of one length

_NEARLY = 1e-6  # rounding is slow, and most words are further than this below the threshold
_EDGE = 1e-6  # no probability is surer
_DIGITS = 6  # beyond them, the same sentence in another batch may score otherwise


@dataclass(frozen=True)
class Probabilities:
    """What a network says of one sentence, before any threshold.

    ``choices`` has the probability of each label of the choice questions, ``carried`` that the sentence has a span of
    each span label, and ``words`` that of each span label for each word, by its place; all in the schema's order.
    """

    choices: Floats
    carried: Floats
    words: Mapping[Place, Row] = field(default_factory=dict)


def n_logits(question: Question) -> int:
    """Return how many outputs a choice question needs: "none" is a class of its own where one choice is to be made."""
    return len(question.labels) + (question.kind == "single choice" and question.none is not None)


def output_widths(schema: LabelSchema) -> list[int]:
    """Return how many logits a network has for a sentence (the choices, then the span labels), and for each token.

    The head of the tokens keeps one where no question needs it, which nothing reads: graphs have no empty tensors.
    """
    n_choices = sum(n_logits(question) for question in schema.choice_questions)
    n_spans = sum(len(question.labels) for question in schema.span_questions)
    return [n_choices + n_spans, max(1, n_spans)]


def labels_of_sentences(schema: LabelSchema) -> list[str | None]:
    """Return the label of each of a sentence's logits; ``None`` for those that share one answer."""
    found: list[str | None] = []
    for question in schema.choice_questions:
        found += question.names if question.kind == "multiple choice" else [None] * n_logits(question)
    return [*found, *(name for question in schema.span_questions for name in question.names)]


def columns_of_none(schema: LabelSchema) -> list[int]:
    """Return which of a sentence's logits stand for "none": the last of a single choice that has such a choice."""
    ends = accumulate(n_logits(question) for question in schema.choice_questions)
    pairs = zip(schema.choice_questions, ends, strict=True)
    return [end - 1 for question, end in pairs if n_logits(question) > len(question.labels)]


def run_network(network: Network, windows: Sequence[Window], schema: LabelSchema) -> list[Probabilities]:
    """Run a network over windows, and return the probabilities of each sentence, in order."""
    groups = of_one_length(windows)
    logits = (network(stacked([windows[row] for row in rows])) for rows in groups)
    return read_logits(windows, zip(groups, logits, strict=True), schema)


def read_logits(
    windows: Sequence[Window], found: Iterable[tuple[Sequence[int], Logits]], schema: LabelSchema
) -> list[Probabilities]:
    """Turn the logits of groups of windows, given by index, into the probabilities of each sentence, in order.

    Of a sentence in several windows, each label has the highest of its probabilities, or their mean where one is to
    be chosen and they share.
    """
    by_sentence: dict[int, list[Probabilities]] = {}
    n_spans = sum(len(question.labels) for question in schema.span_questions)
    for rows, (whole, tokens) in found:
        choices = _activated(whole, schema)
        carried = _sigmoid(whole[:, whole.shape[1] - n_spans :])
        words = _sigmoid(tokens[:, :, :n_spans]).tolist()
        for number, row in enumerate(rows):
            mine = _highest(zip(windows[row].words, words[number], strict=True))
            read = Probabilities(choices[number], carried[number], mine)
            by_sentence.setdefault(windows[row].sentence, []).append(read)
    return [_merged(by_sentence[number], schema) for number in sorted(by_sentence)]


def to_scores(
    sentence: Sentence, found: Probabilities, schema: LabelSchema, model: str, thresholds: Thresholds
) -> Scores:
    """Turn probabilities into scores by a model's thresholds.

    A sentence that carries a span label has its likely words as spans, or the likeliest where none reaches the
    threshold; one that does not has none. Where none does and all are as likely, nobody has taught a place, and none
    is guessed. A label whose probability is in its band is ``unsure``.
    """
    labels: dict[str, float] = {}
    spans: list[ScoredSpan] = []
    decided: set[str] = set()
    columns = iter(range(len(found.choices)))
    for question in schema.choice_questions:
        chosen = {name: _rounded(found.choices[next(columns)]) for name in question.names}
        labels |= chosen
        decided.update(_decided(question, chosen, thresholds.sentences))
    for column, name in enumerate(name for q in schema.span_questions for name in q.names):
        labels[name] = _rounded(carried(found, column, thresholds.evidence.get(name, 0.0)))
        if found.words and labels[name] >= thresholds.sentences[name]:
            mine = [row[column] for row in found.words.values()]
            threshold, likeliest = thresholds.words[name], _rounded(max(mine))
            if likeliest >= threshold or min(mine) < max(mine) or len(mine) == 1:
                spans += _marked(sentence.text, found.words, column, name, min(threshold, likeliest))
            decided.add(name)
    order = [label.name for label in schema.labels]
    # Probabilities and places are right by construction, and checking them again takes longer than finding them.
    return Scores.of_checked(
        {
            **(sentence if type(sentence) is Sentence else sentence.sentence).__dict__,
            "model": model,
            "labels": {name: labels[name] for name in order},
            "spans": tuple(sorted(spans, key=lambda span: (span.start, span.end, span.label))),
            "decided": tuple(name for name in order if name in decided),
            "unsure": tuple(name for name in order if thresholds.doubts(name, labels[name])),
        }
    )


def carried(found: Probabilities, column: int, evidence: float) -> float:
    """Return the probability that a sentence has a span of a label: by its own head, and by its likeliest word.

    The word's logit counts ``evidence`` times. A sentence without words has none.
    """
    if not found.words:
        return 0.0
    own = float(found.carried[column])
    if not evidence:
        return own
    likeliest = max(float(mine[column]) for mine in found.words.values())
    return 1 / (1 + exp(-(_logit(own) + evidence * _logit(likeliest))))


def _logit(probability: float) -> float:
    inside = min(max(probability, _EDGE), 1 - _EDGE)
    return log(inside / (1 - inside))


def to_word_scores(scores: Scores, found: Probabilities, schema: LabelSchema) -> WordScores:
    """Add to scores the probabilities of the words; one that no token belongs to has the probability 0."""
    labels = [name for question in schema.span_questions for name in question.names]
    rows = [found.words.get(word, [0.0] * len(labels)) for word in words_of(scores.text)]
    words = {name: tuple(_rounded(row[column]) for row in rows) for column, name in enumerate(labels)}
    return WordScores(**dict(scores), words=words)


def to_annotation(scores: Scores, schema: LabelSchema) -> Annotation:
    """Return what a model decided as its answers to every question.

    Where it tells that a sentence has a span, and not where, or scores some labels of a question alone, those are in
    ``carries``.
    """
    answers: dict[str, Answer] = {}
    carries: dict[str, bool] = {}
    placed = {span.label for span in scores.spans}
    for question in schema.questions:
        scored = [name for name in question.names if name in scores.labels]
        decided = [name for name in scored if name in scores.decided]
        if len(scored) < len(question.names) or (question.kind == "spans" and not placed.issuperset(decided)):
            carries |= {name: name in decided for name in scored}
        elif question.kind == "spans":
            mine = (span for span in scores.spans if span.label in question.names)
            answers[question.name] = tuple(LabelledSpan(start=s.start, end=s.end, label=s.label) for s in mine)
        else:
            answers[question.name] = tuple(name for name in scores.decided if name in question.names)
    annotator = f"model:{scores.model}"
    return Annotation(**dict(scores.sentence), annotator=annotator, answers=answers, carries=carries, origin="draft")


def certainty(scores: Scores) -> float:
    """Return how sure a model is of its least sure answer, from 0 (a coin toss) to 1."""
    return min(abs(2 * probability - 1) for probability in scores.labels.values())


def _decided(question: Question, chosen: Mapping[str, float], thresholds: Mapping[str, float]) -> Iterator[str]:
    if question.kind == "multiple choice":
        yield from (name for name, probability in chosen.items() if probability >= thresholds[name])
        return
    best = max(chosen, key=lambda name: chosen[name])
    # The rest of the probability is that of "none".
    if question.must_choose or chosen[best] >= 1 - sum(chosen.values()):
        yield best


def _marked(text: str, words: Mapping[Place, Row], column: int, name: str, threshold: float) -> Iterator[ScoredSpan]:
    """Join words that reach the threshold into spans, where nothing but space is between them."""
    run: list[tuple[Place, float]] = []
    for word in sorted(words):
        probability = words[word][column]
        is_marked = probability > threshold - _NEARLY and (probability := _rounded(probability)) >= threshold
        if run and (not is_marked or text[run[-1][0][1] : word[0]].strip()):
            yield _joined(run, name)
            run = []
        if is_marked:
            run.append((word, probability))
    if run:
        yield _joined(run, name)


def _joined(run: Sequence[tuple[Place, float]], name: str) -> ScoredSpan:
    return ScoredSpan(start=run[0][0][0], end=run[-1][0][1], label=name, score=max(score for _, score in run))


def _activated(logits: Floats, schema: LabelSchema) -> Floats:
    """Turn the logits of the choice questions, a row a window, into the probabilities of their labels."""
    parts: list[Floats] = [np.zeros((len(logits), 0), dtype=np.float32)]
    start = 0
    for question in schema.choice_questions:
        mine = logits[:, start : start + n_logits(question)]
        start += n_logits(question)
        both = _sigmoid(mine) if question.kind == "multiple choice" else _softmax(mine)
        parts.append(both[:, : len(question.labels)])
    return np.concatenate(parts, axis=1)


def _merged(parts: Sequence[Probabilities], schema: LabelSchema) -> Probabilities:
    if len(parts) == 1:
        return parts[0]
    choices = np.stack([part.choices for part in parts])
    shares = [question.kind == "single choice" for question in schema.choice_questions for _ in question.labels]
    merged: Floats = np.where(shares, choices.mean(axis=0), choices.max(axis=0))
    carried = np.stack([part.carried for part in parts]).max(axis=0)
    return Probabilities(merged, carried, _highest(pair for part in parts for pair in part.words.items()))


def _highest(pairs: Iterable[tuple[Place | None, Row]]) -> dict[Place, Row]:
    words: dict[Place, Row] = {}
    for word, mine in pairs:
        if word is not None:
            words[word] = [*map(max, words[word], mine)] if word in words else mine
    return words


def _sigmoid(logits: Floats) -> Floats:
    odds: Floats = np.exp(np.clip(logits, -30, 30))
    return odds / (1 + odds)


def _softmax(logits: Floats) -> Floats:
    powers: Floats = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def _rounded(probability: float | np.float32) -> float:
    return round(float(probability), _DIGITS)
