"""Make ``labels.jsonl`` from the starter labels: ``python -m seeds.make_labels STARTER_LABELS``."""

import sys
from pathlib import Path

from annotate.corpus.segmentation import read_article
from annotate.corpus.store import read_records, write_records
from seeds.starter import StarterRow, starter_labels

SEEDS = Path(__file__).parent


def main(source: Path) -> None:
    """Write the labels beside this script, and print what became of them."""
    sentences = {
        path.name: read_article(path.read_bytes().decode("utf-8")).sentences for path in sorted(SEEDS.glob("*.txt"))
    }
    labels = starter_labels(read_records(source, StarterRow), sentences)
    write_records(SEEDS / "labels.jsonl", labels.annotations)
    made = {"sentences": sum(map(len, sentences.values())), "annotations": len(labels.annotations)}
    sys.stdout.writelines(f"{name}: {count}\n" for name, count in (made | dict(labels.counts)).items())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
