"""One answer a sentence, from those of several annotators."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import NamedTuple

from annotate.annotation import Annotation, Answer, LabelledSpan, Origin, ScoredSpan, by_sentence, carries
from annotate.quality.gold import Gold
from annotate.schema import LabelSchema, Question
from annotate.words import Place, tokens_of

MAJORITY = "majority"


class Verdict(NamedTuple):
    """What becomes of a question: an answer, ``None`` if left open; whether it is disputed; and what decided."""

    answer: Answer | None
    disputed: bool
    by: str = MAJORITY


def gold(annotations: Iterable[Annotation], schema: LabelSchema) -> list[Annotation]:
    """Return one annotation a sentence: each label, and each word of a span, by more than half the votes.

    Where a person has answered, drafts of a model do not count. Of two answers of one annotator to one question the
    later counts. What was adjudicated already (``Gold``) stands question by question, unless drafts alone were, and a
    person has answered since. A choice on which the votes are split is left unanswered; a word on which they are is
    not marked. Whether the sentence carries a label is voted on by all who say so, by ``carries`` too: where they do
    not bear out an answer, its question is left unanswered, and ``carries`` holds what more than half of them say.
    """
    return [each.annotation for each in adjudicated(annotations, schema)]


def adjudicated(annotations: Iterable[Annotation], schema: LabelSchema) -> list[Gold]:
    """Return one answer a sentence with the votes behind it (see ``gold``)."""
    annotations = list(annotations)
    decided: dict[str, list[Gold]] = {annotation.uid: [] for annotation in annotations}
    for annotation in annotations:
        if isinstance(annotation, Gold):
            decided[annotation.uid].append(annotation)
    votes = by_sentence(annotation for annotation in annotations if not isinstance(annotation, Gold))
    voters = {uid: heard(given.values()) for uid, given in votes.items()}
    return [_standing(voters.get(uid, []), golds, schema) for uid, golds in decided.items()]


def heard(given: Iterable[Annotation]) -> list[Annotation]:
    """Return the annotations of a sentence that have a vote: people's, and drafts only where there are none."""
    voters = [annotation for annotation in given if not isinstance(annotation, Gold)]
    return [annotation for annotation in voters if annotation.origin != "draft"] or voters


def origin_of(given: Iterable[Annotation]) -> Origin:
    """Return how what stands for a sentence came about: drafts count only where there is nothing else.

    Where annotators came to it in several ways, it counts as their own where somebody's is, else as corrected.
    """
    given = [*given]
    decided = [annotation for annotation in given if isinstance(annotation, Gold) and annotation.decisions]
    origins = {annotation.origin for annotation in [*heard(given), *decided] or given}
    if len(origins) > 1:
        origins.discard("draft")
    if len(origins) == 1:
        return origins.pop()
    return "manual" if "manual" in origins else "prediction-changed"


def _standing(voters: Sequence[Annotation], decided: Sequence[Gold], schema: LabelSchema) -> Gold:
    """Return what stands of a sentence's votes and of what was adjudicated already, which counts against votes."""
    settled = {name for gold in decided if gold.origin != "draft" for name in gold.answers}
    if settled.issuperset(question.name for question in schema.questions):
        voters = []  # nothing is left to vote on
    found = [*([_majority(voters, schema)] if voters else []), *decided]
    of_people = [each for each in found if each.origin != "draft"] or found
    return reduce(lambda earlier, later: earlier.joined(later, schema), of_people)


def _majority(given: Sequence[Annotation], schema: LabelSchema) -> Gold:
    return to_gold(given, schema, verdicts(given, schema))


def verdicts(given: Sequence[Annotation], schema: LabelSchema) -> dict[str, Verdict]:
    """Return what the majority makes of each question that anybody answered."""
    found = {question.name: vote(given, question) for question in schema.questions}
    return {name: verdict for name, verdict in found.items() if verdict is not None}


def to_gold(given: Sequence[Annotation], schema: LabelSchema, found: Mapping[str, Verdict]) -> Gold:
    """Return the record of a sentence's verdicts that the votes of all bear out, with these votes."""
    first = given[0]
    asked = {q.name: [a.answers[q.name] for a in given if q.name in a.answers] for q in schema.questions}
    found = {q.name: _borne_out(found[q.name], given, q) for q in schema.questions if q.name in found}
    answers = {name: verdict.answer for name, verdict in found.items() if verdict.answer is not None}
    return Gold.model_construct(
        **dict(first.sentence),
        annotator="gold",
        answers=answers,
        carries=_carried(given, [q for q in schema.questions if q.name not in answers]),
        origin="draft" if all(annotation.origin == "draft" for annotation in given) else "manual",
        corpus=first.corpus,
        n_votes={name: len(votes) for name, votes in asked.items() if votes},
        shares=_shares(given, schema),
        word_shares=tuple(
            span
            for q in schema.span_questions
            for label in q.names
            for span in _word_shares(first.text, asked[q.name], label)
        ),
        decided_by={name: found[name].by for name in answers},
        disputed=tuple(name for name, verdict in found.items() if verdict.disputed),
    )


def _borne_out(verdict: Verdict, given: Sequence[Annotation], question: Question) -> Verdict:
    """Return a verdict on the answers, left open where all who speak of a label do not say the same by majority."""
    answer = verdict.answer
    if answer is None:
        return verdict
    by_all = {name: _most(_said(given, question, name)) for name in _unheard(given, question)}
    agreed = all(carries(answer, name) == said for name, said in by_all.items())
    return verdict if agreed else Verdict(None, disputed=True)


def _unheard(given: Sequence[Annotation], question: Question) -> list[str]:
    """Return the labels of which somebody says something without an answer to their question."""
    known = [each.carries for each in given if each.carries and question.name not in each.answers]
    return [name for name in question.names if any(name in each for each in known)]


def _carried(given: Sequence[Annotation], unanswered: Sequence[Question]) -> dict[str, bool]:
    """Return what more than half say of the labels of unanswered questions that somebody knows no answer to."""
    asked = [question for question in unanswered if _unheard(given, question)]
    found = {name: _most(_said(given, question, name)) for question in asked for name in question.names}
    return {name: said for name, said in found.items() if said is not None}


def _shares(given: Sequence[Annotation], schema: LabelSchema) -> dict[str, float]:
    """Return by label the share of those who say that the sentence carries it."""
    found = {}
    for question in schema.questions:
        # Of labels that exclude each other, the shares add up only when they are of the same people.
        answered = [annotation for annotation in given if question.name in annotation.answers]
        voters = answered if question.kind == "single choice" else given
        said = {name: _said(voters, question, name) for name in question.names}
        found.update({name: round(sum(votes) / len(votes), 6) for name, votes in said.items() if votes})
    return found


def _said(given: Sequence[Annotation], question: Question, label: str) -> list[bool]:
    said = (_says(annotation, question, label) for annotation in given)
    return [each for each in said if each is not None]


def _says(annotation: Annotation, question: Question, label: str) -> bool | None:
    said = annotation.says(question, label)
    if said is None and question.kind == "single choice" and any(map(annotation.carries.get, question.names)):
        return False  # for another label, which excludes this one
    return said


def _most(said: Sequence[bool]) -> bool | None:
    """Return what more than half say; ``None`` where the votes are split, or there are none."""
    return None if 2 * sum(said) == len(said) else 2 * sum(said) > len(said)


def vote(given: Sequence[Annotation], question: Question) -> Verdict | None:
    """Return what more than half of those who answered say; ``None`` where nobody did.

    That none of several labels applies must be said by more than half as well: three people who name three labels
    agree that some label applies, and the votes leave open which.
    """
    answers = [annotation.answers[question.name] for annotation in given if question.name in annotation.answers]
    if not answers:
        return None
    if question.kind == "spans":
        return _vote_on_spans(given[0].text, answers, question)
    votes = {name: sum(name in answer for answer in answers) for name in question.names}
    chosen = tuple(name for name in question.names if 2 * votes[name] > len(answers))
    tied = question.kind != "single choice" and any(2 * count == len(answers) for count in votes.values())
    agreed = chosen or 2 * sum(not answer for answer in answers) > len(answers)
    return Verdict(chosen, disputed=False) if agreed and not tied else Verdict(None, disputed=True)


def _vote_on_spans(text: str, answers: Sequence[Answer], question: Question) -> Verdict:
    tokens, spans, tied = list(tokens_of(text)), [], False
    for label in question.names:
        marked = [tokens_in(tokens, answer, label) for answer in answers]
        votes = [sum(place in mine for mine in marked) for place in range(len(tokens))]
        chosen = {place for place, count in enumerate(votes) if 2 * count > len(answers)}
        tied = tied or any(2 * count == len(answers) for count in votes)
        spans += spans_of(tokens, chosen, answers, label)
    return Verdict(tuple(spans), disputed=tied)


def spans_of(tokens: Sequence[Place], chosen: set[int], answers: Sequence[Answer], label: str) -> list[LabelledSpan]:
    """Return the spans that chosen tokens form.

    Neighbours are in one span when more than half of those who marked both marked what stands between them too.
    """
    marks = [covered(answer, label) for answer in answers]
    spans: list[LabelledSpan] = []
    for place in sorted(chosen):
        start, end = tokens[place]
        if spans and place - 1 in chosen and _joined(spans[-1].end, start, marks):
            spans[-1] = LabelledSpan(start=spans[-1].start, end=end, label=label)
        else:
            spans.append(LabelledSpan(start=start, end=end, label=label))
    return spans


def _joined(end: int, start: int, marks: Sequence[set[int]]) -> bool:
    """Tell whether those who marked what ends and what starts there mean them as one."""
    both = [marked for marked in marks if end - 1 in marked and start in marked]
    return 2 * sum(marked.issuperset(range(end, start)) for marked in both) > len(both)


def tokens_in(tokens: Sequence[Place], answer: Answer, label: str) -> set[int]:
    """Return the indices of the tokens that an answer marks with a label, at least in part."""
    marked = covered(answer, label)
    return {place for place, token in enumerate(tokens) if not marked.isdisjoint(range(*token))} if marked else set()


def _word_shares(text: str, answers: Sequence[Answer], label: str) -> list[ScoredSpan]:
    marked = [covered(answer, label) for answer in answers]
    if not any(marked):
        return []
    shares = [
        (start, end, sum(not mine.isdisjoint(range(start, end)) for mine in marked) / len(answers))
        for start, end in tokens_of(text)
    ]
    return [ScoredSpan(start=s, end=e, label=label, score=round(share, 6)) for s, e, share in shares if share]


def covered(answer: Answer, label: str) -> set[int]:
    """Return the code points that an answer marks with a label."""
    spans = (item for item in answer if isinstance(item, LabelledSpan) and item.label == label)
    return {index for span in spans for index in range(span.start, span.end)}
