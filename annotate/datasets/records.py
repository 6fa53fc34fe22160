"""What adapters share: which label a corpus answers, and how what it says becomes an annotation."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from annotate.annotation import Annotation, Answer, LabelledSpan, Origin
from annotate.article import Sentence, article_id, sentence_uid
from annotate.errors import ConfigError
from annotate.schema import LabelSchema, Question
from annotate.words import Place


class Codebook(NamedTuple):
    """What the labeling configuration calls the questions and labels of ``docs/codebook.md``."""

    spans: str = "terms"
    loaded: str = "Loaded term"
    choices: str = "claims"
    unsourced: str = "Unsourced claim"
    prediction: str = "Prediction"


class Said(NamedTuple):
    """What somebody says of a sentence, as the fields of an annotation have it."""

    answers: Mapping[str, Answer]
    carries: Mapping[str, bool]


class Annotator(NamedTuple):
    """Who says it, as the fields of an annotation have it."""

    name: str
    origin: Origin = "manual"


GOLD = Annotator("gold")


class Target(NamedTuple):
    """The one label that a corpus knows about, and the question it belongs to."""

    question: Question
    label: str

    @property
    def is_whole_question(self) -> bool:
        """Tell whether the question asks for nothing else, so that knowing the label answers it."""
        return self.question.names == (self.label,)

    def sentence(self, *, carries: bool) -> Said:
        """Say whether the sentence carries the label; of a span label, the place is not known."""
        if self.question.kind == "spans" or not self.is_whole_question:
            return Said({}, {self.label: carries})
        return Said({self.question.name: (self.label,) if carries else ()}, {})

    def spans(self, places: Sequence[Place]) -> Said:
        """Say where the label stands, which is at these places and nowhere else in the sentence."""
        if self.question.kind != "spans" or not self.is_whole_question:
            return self.sentence(carries=bool(places))
        marked = tuple(LabelledSpan(start=start, end=end, label=self.label) for start, end in places)
        return Said({self.question.name: marked}, {})


def find_target(schema: LabelSchema, label: str) -> Target:
    """Find a label in the labeling configuration.

    Raises:
        ConfigError: It is not there, or it excludes other labels of its question. Of a sentence without it a corpus
            does not know which of those applies, so that the model would learn from sentences with it alone.
    """
    question = schema.question_of(label)
    if question is None:
        names = ", ".join(f"'{each.name}'" for each in schema.labels)
        raise ConfigError(f"the labeling configuration has no label '{label}'; name one with --label: {names}")
    target = Target(question, label)
    if question.kind == "single choice" and not target.is_whole_question:
        raise ConfigError(
            f"'{label}' excludes the other labels of '{question.name}', of which the corpus knows nothing: "
            f"give that question choice=\"multiple\", or ask '{label}' in a question of its own"
        )
    return target


def annotated(sentence: Sentence, annotator: Annotator, said: Said) -> Annotation:
    """Return what an annotator says of a sentence, as a record."""
    return Annotation(**dict(sentence), annotator=annotator.name, origin=annotator.origin, **said._asdict())


def lone_sentence(text: str, group: str) -> Sentence:
    """Make a sentence of which nothing but the text is known.

    Sentences of one group get one ``article_id``, so that folds do not part them. Their offsets start at 0, since
    nobody knows where they stand: thus a sentence has the same uid in every file of the corpus.
    """
    text, article = text.strip(), article_id(group)
    uid = sentence_uid(article, 0, len(text), text)
    return Sentence(uid=uid, article_id=article, start=0, end=len(text), text=text, paragraph=1, section="body")


def without_repetitions(annotations: Iterable[Annotation], counts: Counter[str]) -> list[Annotation]:
    """Return one annotation for each sentence and annotator, and none where an annotator says two things of it."""
    kept: dict[tuple[str, str], Annotation] = {}
    contradictory: set[tuple[str, str]] = set()
    for annotation in annotations:
        key = annotation.uid, annotation.annotator
        if key in kept:
            counts["repetitions left out"] += 1
            if (kept[key].answers, kept[key].carries) != (annotation.answers, annotation.carries):
                contradictory.add(key)
        else:
            kept[key] = annotation
    counts["sentences left out whose repetitions contradict each other"] += len(contradictory)
    return [annotation for key, annotation in kept.items() if key not in contradictory]
