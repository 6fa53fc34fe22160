"""One epoch of one way to train, in a process of its own: `python -m benchmarks.training.epoch WAY`."""

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Self

from annotate.annotation import Annotation

N_SENTENCES = 640


class Epoch(NamedTuple):
    """What an epoch took: seconds, and the most bytes of memory that its process held."""

    n_sentences: int
    seconds: float
    memory: int

    @classmethod
    def read(cls, line: bytes) -> Self:
        """Read what a process printed."""
        return cls(**json.loads(line))


def ours(labelled: Sequence[Annotation]) -> float:
    """Return the seconds of an epoch as `annot train` does it."""
    from annotate.learning.base import load_base
    from annotate.learning.device import find_device
    from annotate.learning.training import Course, fit, new_network
    from annotate.learning.validation import prepare
    from annotate.models.training_record import Recipe
    from benchmarks.quality.corpora import SCHEMA

    recipe = Recipe(epochs=1)
    base = load_base(recipe.base)
    course = Course(new_network(base, SCHEMA, recipe), base, find_device("cpu"), recipe)
    lessons = prepare(course, labelled)
    began = time.perf_counter()
    fit(course, lessons.examples)
    return time.perf_counter() - began


def trainer(labelled: Sequence[Annotation], *, bf16: bool) -> float:
    """Return the seconds of an epoch as transformers' Trainer does it with its usual settings."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer, Trainer, TrainingArguments

    from annotate.models.training_record import DEFAULT_BASE
    from benchmarks.quality.corpora import Split
    from benchmarks.quality.methods import Task

    task = Task("babe", Split(labelled, []), 0, DEFAULT_BASE)
    tokenizer = AutoTokenizer.from_pretrained(task.folder)
    model = AutoModelForSequenceClassification.from_pretrained(task.folder, num_labels=2)
    ids = tokenizer(task.texts[0], truncation=True, max_length=512)["input_ids"]
    rows = [{"input_ids": i, "labels": int(y)} for i, y in zip(ids, task.truth(labelled), strict=True)]
    with tempfile.TemporaryDirectory() as folder:
        arguments = TrainingArguments(
            output_dir=folder,
            num_train_epochs=1,
            bf16=bf16,
            use_cpu=True,
            save_strategy="no",
            report_to=[],
            disable_tqdm=True,
            logging_strategy="no",
        )
        learner = Trainer(model=model, args=arguments, train_dataset=rows, processing_class=tokenizer)
        began = time.perf_counter()
        learner.train()
        return time.perf_counter() - began


WAYS: Mapping[str, Callable[[Sequence[Annotation]], float]] = {
    "annot train": ours,
    "Trainer": lambda labelled: trainer(labelled, bf16=False),
    "Trainer, bfloat16": lambda labelled: trainer(labelled, bf16=True),
}


def main(way: str) -> None:
    """Measure one epoch, and print it."""
    from benchmarks.quality.corpora import load

    labelled = load("babe")[:N_SENTENCES]
    seconds = WAYS[way](labelled)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    sys.stdout.write(f"\n{json.dumps(Epoch(len(labelled), seconds, memory)._asdict())}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
