"""Whether labels can be learned from, and what a person should know of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set

from annotate.annotation import Annotation, Answer, said_by_label
from annotate.article import Sentence
from annotate.assets import asset
from annotate.corpus.store import read_records
from annotate.errors import TrainingError
from annotate.models.training_record import TrainingRecord
from annotate.quality.adjudication import adjudicated
from annotate.quality.gold import Gold
from annotate.schema import LabelSchema
from annotate.wording import counted
from annotate.words import folded

_FEW = 50  # sentences; of fewer, figures are chance


def check_learnable(labelled: Sequence[Annotation], schema: LabelSchema) -> None:
    """Raise ``TrainingError`` where no label is both given and withheld."""
    said = said_by_label(labelled, schema)
    if not any(True in given for given in said.values()):
        raise TrainingError(f"{counted(len(labelled), 'sentence')}, and {_why_nothing(labelled, said)}")
    if not any({True, False} <= given for given in said.values()):
        label = next(name for name, given in said.items() if True in given)
        raise TrainingError(
            f"every sentence carries '{label}': label some that do not, for there is nothing to tell apart"
        )


def _why_nothing(labelled: Sequence[Annotation], said: Mapping[str, Set[bool]]) -> str:
    """Return why no sentence carries a label, and what to do."""
    if any(isinstance(each, Gold) and each.disputed for each in labelled):
        return "votes are split wherever somebody gave a label: have people decide with `annot adjudicate --push`"
    if not any(said.values()):
        return "no question of the labeling configuration is answered: there is nothing to learn yet"
    return "none carries a label: there is nothing to learn yet; label some that do"


def without_known(labels: Sequence[Gold], known: Sequence[Annotation | Sentence]) -> list[Gold]:
    """Return the labels of sentences and articles that are not among known ones, whatever the texts' spacing."""
    texts, articles = {folded(each.text) for each in known}, {each.article_id for each in known}
    return [each for each in labels if each.article_id not in articles and folded(each.text) not in texts]


def starter_labels(schema: LabelSchema, known: Sequence[Annotation | Sentence]) -> list[Gold]:
    """Return the package's starter labels of what a schema asks in the same words, without known articles."""
    own = LabelSchema.read(asset("labeling_config.xml"))
    asked = {(question.name, question.kind, question.names) for question in schema.questions}
    same = {q.name for q in own.questions if (q.name, q.kind, q.names) in asked}
    drafts = read_records(asset("seeds") / "labels.jsonl", Annotation)
    heard = [draft.model_copy(update={"answers": _only(same, draft.answers)}) for draft in drafts]
    return without_known(adjudicated(heard, schema), known)


def _only(names: Set[str], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    return {name: answer for name, answer in answers.items() if name in names}


def note_on_repetitions(given: Sequence[Annotation]) -> Iterator[str]:
    """Yield how many sentences one annotator answered in two ways, in a line, if any."""
    answers: dict[tuple[str, str, str], set[object]] = {}
    differing = set()
    for each in given:
        if each.origin == "draft" or isinstance(each, Gold):
            continue
        for question, answer in each.answers.items():
            if answers.setdefault((each.uid, each.annotator, question), set(answer)) != set(answer):
                differing.add(each.uid)
    if differing:
        yield f"{counted(len(differing), 'sentence')} answered in two ways by one annotator: the later answer counts"


def notes_on_labels(labelled: Sequence[Annotation], schema: LabelSchema) -> Iterator[str]:
    """Yield what a person should know of labels, whatever is learned from them."""
    if len(labelled) < _FEW:
        yield f"{counted(len(labelled), 'sentence')}: the figures of so few are mostly chance"
    for name, given in said_by_label(labelled, schema).items():
        if not given:
            yield f"nobody says of any sentence whether it carries '{name}': {_untaught(schema, name)}"
        elif len(given) == 1:
            which = "every" if True in given else "no"
            yield f"{which} sentence carries '{name}': the model cannot tell it apart"
    n = _n_contradictions(labelled, schema)
    if n:
        yield f"{counted(n, 'text')} labelled in one way here and in another there; `annot review` finds mistakes"


def notes_on_learning(record: TrainingRecord) -> Iterator[str]:
    """Yield what a person should know of what was learned."""
    for name in record.started_from:
        yield f"'{name}' was learned from the starter labels first, for there are few yet; --no-starter leaves them out"
    found = record.evaluation or {}
    for name in record.data.labels:
        if name in found and not found[name].n_sentences:
            yield f"'{name}' is answered in a single fold of the articles: how well it is learned was not measured"
    yield from _notes_on_baseline(record)


def _untaught(schema: LabelSchema, label: str) -> str:
    """Return what a model does with a label that nobody told it anything of."""
    question = schema.question_of(label)
    if question is None or not question.must_choose:
        return "the model never decides for it"
    return f"no choice of '{question.name}' says \"none\", so the model decides for one of its labels blindly"


def _notes_on_baseline(record: TrainingRecord) -> Iterator[str]:
    for name, plain in (record.baseline or {}).items():
        mine = record.evaluation[name].sentences.f1 if record.evaluation else None
        if mine is not None and plain.f1 is not None and mine < plain.f1:
            yield (
                f"'{name}': TF-IDF with logistic regression reaches F1 {plain.f1:.2f} on the same folds, "
                f"more than the model's {mine:.2f}; label more sentences with it"
            )


def _n_contradictions(labelled: Sequence[Annotation], schema: LabelSchema) -> int:
    """Count texts that carry a label in one place and not in another."""
    by_text: dict[str, list[Annotation]] = defaultdict(list)
    for annotation in labelled:
        by_text[folded(annotation.text)].append(annotation)
    doubled = [same for same in by_text.values() if len(same) > 1]
    return sum(any({True, False} <= given for given in said_by_label(same, schema).values()) for same in doubled)
