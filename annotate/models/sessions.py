"""Graphs in onnxruntime."""

from pathlib import Path

import onnxruntime

from annotate.errors import ModelError
from annotate.models.scores import Logits, Network
from annotate.models.tokenization import Ids

CPU = "cpu"
_PROVIDER = "ExecutionProvider"
# What the fusion puts in place of an addition and a normalisation takes six times as long as both.
_SLOWER = ["SkipLayerNormFusion"]


def open_session(graph: Path, device: str = CPU) -> onnxruntime.InferenceSession:
    """Load a graph for a device, to be run by several threads at once, each with one processor core.

    Raises:
        ModelError: This onnxruntime does not know the device, or the graph is none.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    provider = _provider(device)
    try:
        session = onnxruntime.InferenceSession(str(graph), options, providers=[provider], disabled_optimizers=_SLOWER)
    except Exception as error:  # onnxruntime's own exceptions share no public base
        raise ModelError(f"{graph}: cannot be loaded; train another with `annot train`") from error
    if session.get_providers()[0] != provider:  # which onnxruntime passes over in silence
        raise ModelError(f"device '{device}': its driver or libraries are missing; leave out --device")
    return session


def network_of(session: onnxruntime.InferenceSession) -> Network:
    """Return a session as a function from ids to logits."""

    def run(ids: Ids) -> Logits:
        sentences, tokens = session.run(None, {"input_ids": ids})
        return sentences, tokens

    return run


def _provider(device: str) -> str:
    available: list[str] = onnxruntime.get_available_providers()
    for name in available:
        if name.removesuffix(_PROVIDER).lower() == device.lower():
            return str(name)
    known = ", ".join(sorted(name.removesuffix(_PROVIDER).lower() for name in available))
    raise ModelError(f"device '{device}': the onnxruntime here has {known}; for cuda install onnxruntime-gpu")
