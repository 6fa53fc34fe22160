"""Ways to learn a label: ours, and what a user would pick instead.

Ours decides by the thresholds it chooses as it learns, the others from a probability of .5 on.
"""

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments, set_seed

from annotate.annotation import Annotation
from annotate.corpus.store import to_lines
from annotate.learning.base import default_folder, load_base
from annotate.learning.device import find_device
from annotate.learning.learn import learn_all
from annotate.learning.network import Network
from annotate.learning.probe import Line
from annotate.learning.starter import start_from
from annotate.learning.training import Course, fit, new_network, predict
from annotate.learning.validation import Lessons, prepare
from annotate.models.scores import to_annotation, to_scores
from annotate.models.thresholds import Thresholds
from annotate.models.training_record import DEFAULT_BASE, Recipe
from annotate.quality.baseline import plain_model
from annotate.workflow.learnable import starter_labels
from benchmarks.quality.corpora import SCHEMA, Split, corpus_of

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
# The last network alone: what learned from several corpora is judged on each, one after the other.
_LEARNED: dict[tuple[object, ...], tuple[Network, Thresholds]] = {}
SETFIT_STEPS = 500  # one epoch over all pairs of thousands of sentences takes days


class Judgement(NamedTuple):
    """What a method says of the sentences held out: whether they carry the label, or all answers, and how sure it is.

    ``scores`` rise with how likely a sentence carries the label, and are ``None`` where there are none.
    """

    said: Bools | Sequence[Annotation]
    scores: Floats | None = None


def decided(probabilities: npt.ArrayLike) -> Judgement:
    """Decide by probabilities, from .5 on."""
    given = np.asarray(probabilities, dtype=float)
    return Judgement(given >= 0.5, given)  # noqa: PLR2004


@dataclass(frozen=True)
class Task:
    """A split of a corpus, the seed of whatever is left to chance, and the base encoder."""

    corpus: str
    split: Split
    seed: int
    base: str = DEFAULT_BASE

    @property
    def label(self) -> str:
        """The label that is asked for."""
        return corpus_of(self.corpus).label

    def truth(self, annotations: Sequence[Annotation]) -> Bools:
        """Tell which of some sentences carry the label."""
        question = SCHEMA.question_of(self.label)
        assert question is not None  # noqa: S101 - the corpora's labels are those of the schema
        return np.array([bool(each.says(question, self.label)) for each in annotations])

    @property
    def texts(self) -> tuple[list[str], list[str]]:
        """The texts to learn from, and those held out."""
        return [each.text for each in self.split.train], [each.text for each in self.split.test]

    @property
    def folder(self) -> str:
        """Where the base encoder's files lie."""
        return str(default_folder()) if self.base == DEFAULT_BASE else self.base


def ours(task: Task, *, once: bool = False, starts: bool = True, **changed: object) -> Judgement:
    """Train as `annot train` does, and answer for what is held out; ``once`` without folds, deciding from .5 on.

    ``starts`` lets few labels start from the starter labels; ``changed`` are fields of the recipe.
    """
    recipe = Recipe.model_validate({"base": task.base, "seed": task.seed, **changed})
    train, test = task.split
    starter = _starter(task) if starts else []
    base = load_base(recipe.base)
    device = find_device("auto")
    key = (recipe, once, *to_lines(train), *to_lines(starter))
    if key not in _LEARNED:
        _LEARNED.clear()
        course, _ = start_from(starter, train, Course(new_network(base, SCHEMA, recipe), base, device, recipe))
        _LEARNED[key] = _learned(course, prepare(course, train), once=once)
    network, thresholds = _LEARNED[key]
    found = predict(device.place(network), base, test, recipe)
    scores = [
        to_scores(each.sentence, mine, SCHEMA, "ours", thresholds) for each, mine in zip(test, found, strict=True)
    ]
    said = [to_annotation(score, SCHEMA) for score in scores]
    return Judgement(said, np.array([score.labels[task.label] for score in scores]))


def _starter(task: Task) -> Sequence[Annotation]:
    return starter_labels(SCHEMA, [*task.split.train, *task.split.test])


def _learned(course: Course, lessons: Lessons, *, once: bool) -> tuple[Network, Thresholds]:
    if not once:
        learned = learn_all(course, lessons)
        return learned.network, learned.thresholds
    half = {each.name: 0.5 for each in SCHEMA.labels}
    words = {name: 0.5 for question in SCHEMA.span_questions for name in question.names}
    network = fit(course, lessons.examples)
    return network, Thresholds(sentences=half, words=words)


def trainer(task: Task, *, epochs: int, rate: float, batch_size: int = 16) -> Judgement:
    """Fine-tune a sequence classifier with transformers' Trainer; what is not named has its usual settings."""
    set_seed(task.seed)  # of the head, which is drawn before Trainer sets it
    tokenizer = AutoTokenizer.from_pretrained(task.folder)
    model = AutoModelForSequenceClassification.from_pretrained(task.folder, num_labels=2)
    rows = [tokenizer(texts, truncation=True, max_length=512)["input_ids"] for texts in task.texts]
    labels = [task.truth(part).astype(int).tolist() for part in task.split]
    train, test = (
        [{"input_ids": ids, "labels": label} for ids, label in zip(*pair, strict=True)]
        for pair in zip(rows, labels, strict=True)
    )
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            num_train_epochs=epochs,
            learning_rate=rate,
            seed=task.seed,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            logging_strategy="no",
            per_device_train_batch_size=batch_size,
            per_device_eval_batch_size=32,
        )
        learner = Trainer(model=model, args=arguments, train_dataset=train, processing_class=tokenizer)
        learner.train()
        logits = learner.predict(test).predictions  # type: ignore[arg-type]
    return decided(softmax(np.asarray(logits, dtype=float), axis=-1)[:, 1])


def setfit(task: Task) -> Judgement:
    """Fine-tune with SetFit's usual settings: contrastive pairs, then logistic regression."""
    from datasets import Dataset
    from sentence_transformers import SentenceTransformer, models
    from setfit import SetFitModel
    from setfit import Trainer as SetFitTrainer
    from setfit import TrainingArguments as Arguments

    torch.manual_seed(task.seed)
    encoder = models.Transformer(task.folder, max_seq_length=256)
    body = SentenceTransformer(modules=[encoder, models.Pooling(encoder.get_word_embedding_dimension())])
    model = SetFitModel(model_body=body, model_head=LogisticRegression(max_iter=1000), labels=[0, 1])
    train, test = task.texts
    data = Dataset.from_dict({"text": train, "label": task.truth(task.split.train).astype(int).tolist()})
    with tempfile.TemporaryDirectory() as folder:
        arguments = Arguments(
            output_dir=folder, batch_size=16, num_epochs=1, max_steps=SETFIT_STEPS, seed=task.seed, report_to="none"
        )
        SetFitTrainer(model=model, args=arguments, train_dataset=data).train()
    return decided(np.asarray(model.predict_proba(test))[:, 1])


def tfidf(task: Task, *, starts: bool = False) -> Judgement:
    """Learn the baseline of ``annot train``; ``starts`` adds the starter labels."""
    question = SCHEMA.question_of(task.label)
    assert question is not None  # noqa: S101 - the corpora's labels are those of the schema
    starter = [each for each in _starter(task) if each.says(question, task.label) is not None] if starts else []
    train = [*task.split.train, *starter]
    truth = task.truth(train)
    if len(set(truth)) < 2:  # noqa: PLR2004 - one answer alone teaches nothing
        return decided(np.full(len(task.split.test), float(truth[0])))
    model = plain_model().fit([each.text for each in train], truth)
    return decided(model.predict_proba(task.texts[1])[:, 1])


def frozen(task: Task) -> Judgement:
    """Learn a logistic regression on the frozen encoder's vectors."""
    recipe = Recipe(base=task.base)
    base = load_base(recipe.base)
    course = Course(new_network(base, SCHEMA, recipe), base, find_device("auto"), recipe)
    train, test = (prepare(course, part) for part in task.split)
    rows = [lessons.examples[row].window.sentence for lessons in (train,) for row in range(len(lessons.examples))]
    first = [
        next(i for i, e in enumerate(test.examples) if e.window.sentence == n) for n in range(len(task.split.test))
    ]
    return decided(Line(train.vectors, task.truth(task.split.train)[rows])(test.vectors[first]))


def rule(task: Task) -> Judgement:
    """Guess by cue words, without learning."""
    cue = corpus_of(task.corpus).cue or ""
    pattern = re.compile(cue.removeprefix("!"), re.IGNORECASE)
    found = np.array([pattern.search(text) is not None for text in task.texts[1]])
    return Judgement(~found if cue.startswith("!") else found)


METHODS: Mapping[str, Callable[[Task], Judgement]] = {
    "ours": ours,
    "ours-once": lambda task: ours(task, once=True),
    "ours-1e-4": lambda task: ours(task, learning_rate=1e-4),
    "ours-once-1e-4": lambda task: ours(task, once=True, learning_rate=1e-4),
    "ours-no-starter": lambda task: ours(task, starts=False),
    "ours-context": lambda task: ours(task, context=True),
    "trainer-3-2e-5": lambda task: trainer(task, epochs=3, rate=2e-5),
    "trainer-3-5e-5": lambda task: trainer(task, epochs=3, rate=5e-5),
    "trainer-5-2e-5": lambda task: trainer(task, epochs=5, rate=2e-5),
    "trainer-5-5e-5": lambda task: trainer(task, epochs=5, rate=5e-5),
    "trainer-8-5-5e-5": lambda task: trainer(task, epochs=5, rate=5e-5, batch_size=8),
    "setfit": setfit,
    "frozen": frozen,
    "tfidf": tfidf,
    "tfidf-starter": lambda task: tfidf(task, starts=True),
    "rule": rule,
}
