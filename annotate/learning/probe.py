"""Linear heads on the vectors of a frozen encoder: what a training starts from, and what tells a learning curve."""

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
_NEVER = -5.0  # the logit of a label of which nothing is known
_REGULARISATION = 0.05  # the inverse strength of it, on standardised features


def vectors_of(network: Network, examples: Sequence[Example], pad: int, device: Device) -> Floats:
    """Return the mean of the encoder's tokens for each example; *shape:* ``(n_examples, width)``."""
    vectors = np.zeros((len(examples), network.sentences.in_features), dtype=np.float32)
    placed = device.place(network).eval()
    for rows in bucketed([example.window for example in examples], _BATCH):
        ids, mask, _ = to_batch([examples[row] for row in rows], pad)
        with torch.inference_mode(), device.mixed_precision():
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
        probabilities: Floats = 1 / (1 + np.exp(-logits))
        return probabilities


def set_heads(network: Network, vectors: Floats, examples: Sequence[Example]) -> None:
    """Set the heads of the sentences to logistic regressions, one a column, where both answers are given.

    To train from there moves the encoder less at first than to train from random heads, and so keeps more of what it
    knows (Kumar et al., 2022). A column that nobody answers never decides. *Shape:* ``vectors`` ``(n, width)``.
    """
    targets = np.stack([example.sentence for example in examples])
    for column in range(targets.shape[1]):
        answered = ~np.isnan(targets[:, column])
        truth = targets[answered, column] > 0.5  # noqa: PLR2004 - a majority
        if not answered.any():
            _set(network.sentences, column, np.zeros(vectors.shape[1], np.float32), _NEVER)
        elif truth.any() and not truth.all():
            line = Line(vectors[answered], truth)
            _set(network.sentences, column, line.weights, line.bias)
    for column in range(examples[0].tokens.shape[1]):
        if all(np.isnan(example.tokens[:, column]).all() for example in examples):
            _set(network.tokens, column, np.zeros(vectors.shape[1], np.float32), _NEVER)


def _set(head: torch.nn.Linear, row: int, weights: Floats, bias: float) -> None:
    with torch.no_grad():
        head.weight[row] = torch.from_numpy(weights)
        head.bias[row] = bias
