"""Small made-up corpora in the forms of the public ones."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from annotate.annotation import Annotation
from annotate.datasets.records import Target, find_target
from annotate.schema import LabelSchema

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
SHIPPED = LabelSchema.read(ROOT / "labeling_config.xml")
TERM, CLAIM, PREDICTION = (find_target(SHIPPED, label.name) for label in SHIPPED.labels)
Adapter = Callable[[Path, Target, Counter[str]], Iterator[Annotation]]


def read(adapter: Adapter, path: Path, target: Target) -> list[Annotation]:
    return list(adapter(path, target, Counter()))


def written(path: Path, text: str) -> Path:
    """Write a file as it is, line endings included."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8"))
    return path


def marked(annotation: Annotation) -> list[str]:
    """Return the words that an annotation marks, by its offsets."""
    spans = [span for answer in annotation.answers.values() for span in answer if not isinstance(span, str)]
    return [annotation.text[span.start : span.end] for span in spans]
