"""Graphs in onnxruntime."""

import platform
from pathlib import Path

import onnxruntime

from annotate.errors import ModelError
from annotate.models.scores import Logits, Network
from annotate.models.tokenization import Ids

CPU = "cpu"
_PROVIDER = "ExecutionProvider"
# What the fusion puts in place of an addition and a normalisation takes six times as long as both.
_SLOWER = ["SkipLayerNormFusion"]
_EXACT = "session.x64quantprecision"
_INTEL_AND_AMD = ("x86_64", "AMD64")
_CPU = Path("/proc/cpuinfo")


def open_session(graph: Path, device: str = CPU) -> onnxruntime.InferenceSession:
    """Load a graph for a device, to be run by several threads at once, each with one processor core.

    Raises:
        ModelError: This onnxruntime does not know the device, or the graph is none.
    """
    options = exact_options()
    options.intra_op_num_threads = 1
    provider = _provider(device)
    try:
        session = onnxruntime.InferenceSession(str(graph), options, providers=[provider], disabled_optimizers=_SLOWER)
    except Exception as error:  # onnxruntime's own exceptions share no public base
        raise ModelError(f"{graph}: cannot be loaded; train another with `annot train`") from error
    if session.get_providers()[0] != provider:  # which onnxruntime passes over in silence
        raise ModelError(f"device '{device}': its driver or libraries are missing; leave out --device")
    return session


def exact_options() -> onnxruntime.SessionOptions:
    """Return options by which products of 8-bit integers are exact, so that a graph scores alike everywhere.

    Intel's and AMD's processors without VNNI add two such products in 16 bits, which may run over. There they are told
    to widen integers first, which takes a little longer; others would give their quicker way up.
    """
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    if platform.machine() in _INTEL_AND_AMD and not _has_vnni():
        options.add_session_config_entry(_EXACT, "1")
    return options


def _has_vnni() -> bool:
    try:
        return "vnni" in _CPU.read_text("utf-8", errors="replace")
    except OSError:  # not Linux
        return False


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
