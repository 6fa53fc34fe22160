"""A trained network as a graph that runs without torch."""

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from annotate.annotation import Annotation
from annotate.errors import ModelError
from annotate.learning.base import Base
from annotate.learning.network import Network
from annotate.models.tokenization import padded, to_windows

_TOLERANCE = 1e-3  # of logits; far below what moves a probability by 1e-4
_CHECKED = 32  # windows


def export(network: Network, base: Base, path: Path, sentences: Sequence[Annotation]) -> None:
    """Write the network to ``path`` as an ONNX graph, and check on sentences that it computes the same.

    Raises:
        ModelError: The graph's logits differ from the network's.
    """
    windows = to_windows(base.tokenizer, sentences)[:_CHECKED]
    ids, mask = (torch.from_numpy(array) for array in padded(windows, base.pad_id))
    batch, length = torch.export.Dim("n_windows"), torch.export.Dim("n_tokens")
    shape = {0: batch, 1: length}
    # Two rows of three tokens: sizes of one would be taken for constants.
    example = (torch.ones((2, 3), dtype=torch.long), torch.ones((2, 3), dtype=torch.long))
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            network,
            example,
            dynamo=True,
            verbose=False,
            dynamic_shapes=(shape, shape),
            input_names=["input_ids", "attention_mask"],
            output_names=["sentences", "tokens"],
        )
    assert program is not None  # noqa: S101 - with dynamo there is one
    program.save(path, external_data=False)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    ours = session.run(None, {"input_ids": ids.numpy(), "attention_mask": mask.numpy()})
    with torch.inference_mode():
        theirs = network(ids, mask)
    difference = max(float(np.abs(a - b.numpy()).max()) for a, b in zip(ours, theirs, strict=True))
    if not difference <= _TOLERANCE:  # which a network that diverged to nan is not either
        raise ModelError(f"{base.name}: its export is off by {difference:.1e}; use another base encoder")
