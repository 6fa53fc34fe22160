"""What is known of the agreement between annotators, as records."""

from collections.abc import Mapping
from typing import Literal

from annotate.quality.figure import Figure
from annotate.record import Record
from annotate.schema import Kind


class Estimate(Figure):
    """A figure that, where it is undefined, says why (``undefined``)."""

    undefined: str | None = None


class PairAgreement(Record):
    """Two annotators, and Cohen's kappa over the ``n_units`` that both answered."""

    annotators: tuple[str, str]
    n_units: int
    kappa: Estimate


class AnnotatorAgreement(Record):
    """One annotator against the majority of the others, over ``n_units`` on which they have one."""

    annotator: str
    n_units: int
    precision: Estimate
    recall: Estimate
    f1: Estimate


class PartAgreement(Record):
    """The agreement within a part of the sentences: those of an article, an outlet, or a week."""

    by: Literal["article", "outlet", "week"]
    name: str
    n_units: int
    alpha: Estimate


class SpanAgreement(Record):
    """How far spans agree, over all pairs of annotators.

    F1 with both ends the same, and with an overlap counting half; Krippendorff's alpha for unitizing over code points.
    """

    exact_f1: Estimate
    partial_f1: Estimate
    unitizing_alpha: Estimate


class LabelAgreement(Record):
    """The agreement on a label, or on a single choice as a whole (``label`` is ``None``).

    Units are sentences, or words for a label of spans; ``n_units`` of them have two answers or more, and alpha is over
    these.
    """

    label: str | None
    unit: Literal["sentence", "word"]
    n_units: int
    alpha: Estimate
    spans: SpanAgreement | None
    pairs: tuple[PairAgreement, ...]
    annotators: tuple[AnnotatorAgreement, ...]
    parts: tuple[PartAgreement, ...]


class QuestionAgreement(Record):
    """The agreement on a question: ``n_sentences`` have two answers or more, ``n_left_out`` have one."""

    question: str
    kind: Kind
    n_sentences: int
    n_left_out: int
    labels: tuple[LabelAgreement, ...]


class Disputed(Record):
    """A sentence on which annotators differ, and what each says of it, in words, by annotator and question.

    ``disagreement`` is the share of pairs of annotators that differ, in the mean over what anybody marked and over
    questions; 0 to 1.
    """

    uid: str
    article_id: str
    text: str
    disagreement: float
    answers: Mapping[str, Mapping[str, str]]


class WeekCompetence(Record):
    """The same within a week (ISO 8601, as in ``2026-W05``) in which the annotator answered."""

    week: str
    n_units: int
    sensitivity: Estimate
    specificity: Estimate


class Competence(Record):
    """How one annotator answers where a label likely applies, and where it likely does not.

    ``sensitivity`` is the share of what likely carries the label that they mark, ``specificity`` the share of the rest
    that they leave; for spans, among the words that anybody marked. What is likely is estimated from the answers of
    all (Dawid and Skene, 1979), so whoever reads differently from the others for a good reason looks wrong here too.
    """

    annotator: str
    question: str
    label: str
    n_units: int
    sensitivity: Estimate
    specificity: Estimate
    weeks: tuple[WeekCompetence, ...]


class AgreementReport(Record):
    """How far annotators agree; ``drafts`` tells that they are models and no person has seen the answers."""

    drafts: bool
    annotators: tuple[str, ...]
    n_sentences: int
    n_articles: int
    questions: tuple[QuestionAgreement, ...]
    disputed: tuple[Disputed, ...]
    competence: tuple[Competence, ...] | None = None
