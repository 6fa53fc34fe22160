"""Linear models on the vectors of a frozen encoder, which tell a learning curve."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from sklearn.linear_model import LogisticRegression

from annotate.learning.device import Device
from annotate.learning.encoding import Example, to_batch
from annotate.learning.network import Network, mean_of
from annotate.models.tokenization import bucketed

Floats = npt.NDArray[np.float32]
_BATCH = 32
_REGULARISATION = 0.05  # the inverse strength of it, on standardised features


def vectors_of(network: Network, examples: Sequence[Example], pad: int, device: Device) -> Floats:
    """Return the mean of the encoder's tokens for each example; *shape:* ``(n_examples, width)``."""
    vectors = np.zeros((len(examples), network.sentences.in_features), dtype=np.float32)
    placed = device.place(network).eval()
    for rows in bucketed([example.window for example in examples], _BATCH):
        ids, mask, _ = to_batch([examples[row] for row in rows], pad)
        with torch.inference_mode(), device.mixed_precision(), device.running_out_told():
            on = mask.to(device.name)
            tokens = placed.encoder(input_ids=ids.to(device.name), attention_mask=on).last_hidden_state
            vectors[rows] = mean_of(tokens.float(), on).cpu().numpy()
    return vectors


class Line:
    """A logistic regression of one target, as weights for vectors as they are."""

    def __init__(self, vectors: Floats, targets: npt.NDArray[np.bool_]) -> None:
        mean, scale = vectors.mean(axis=0), vectors.std(axis=0) + 1e-6
        model = LogisticRegression(C=_REGULARISATION, solver="newton-cholesky").fit((vectors - mean) / scale, targets)
        self.weights: Floats = (model.coef_[0] / scale).astype(np.float32)
        self.bias = float(model.intercept_[0] - self.weights @ mean)

    def __call__(self, vectors: Floats) -> Floats:
        """Return the probability of the target for each vector."""
        logits: Floats = vectors @ self.weights + self.bias
        return (1 / (1 + np.exp(-logits))).astype(np.float32)
