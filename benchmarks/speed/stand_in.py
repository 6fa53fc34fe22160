"""Score a corpus with a stand-in for the network: `python -m benchmarks.speed.stand_in MODEL CORPUS OUTPUT`."""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from annotate.config import open_workspace
from annotate.inference.engine import load_model
from annotate.models.scores import Logits, output_widths
from annotate.models.tokenization import Ids
from annotate.workflow.articles import streamed_articles
from annotate.workflow.score import Run


def main(model: str, corpus: str, output: str) -> None:
    """Score the corpus: everything is as ever, but the network's answer is the same to whatever it is asked."""
    loaded = load_model(Path(model))
    whole, tokens = output_widths(loaded.schema)

    def network(ids: Ids) -> Logits:
        return np.full((len(ids), whole), -3, np.float32), np.full((*ids.shape, tokens), -3, np.float32)

    cheap = replace(loaded, graph=replace(loaded.graph, network=network))
    Run(cheap, streamed_articles(open_workspace(Path(model).parents[1]), [corpus])).write(Path(output))


if __name__ == "__main__":
    main(*sys.argv[1:])
