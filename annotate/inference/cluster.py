"""Clusters of Ray: joined, with what Ray says of them put into one line."""

import logging
import os
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread

from annotate.corpus.readers.item import Note
from annotate.errors import AnnotError
from annotate.inference.graphs import Engine
from annotate.models.sessions import CPU

_ANSWERS_WITHIN = 10  # seconds
_LOOKED_EVERY = 5  # seconds
_ON_GPUS = ("cuda", "tensorrt", "nvtensorrtrtx", "rocm", "migraphx")
# Ray's own code writes to standard error what is no person's business, and a stack when it is told to stop; and it
# asks twenty times, a second each, where it is refused.
_QUIET = {
    "RAY_BACKEND_LOG_LEVEL": "fatal",
    "RAY_DISABLE_FAILURE_SIGNAL_HANDLER": "1",
    "RAY_NUM_REDIS_GET_RETRIES": "3",
}
_REFUSED = "InvalidAuthToken"


@dataclass(frozen=True)
class Cluster:
    """Where a corpus is scored: at an address of Ray, else on this machine alone; ``engine`` is that of each worker."""

    address: str | None = None
    engine: Engine = field(default_factory=Engine)

    @property
    def on_gpus(self) -> bool:
        """Whether each worker needs a GPU."""
        return self.engine.device.lower() in _ON_GPUS

    @property
    def engine_here(self) -> Engine:
        """How the model is looked at on this machine, which need not have the workers' device."""
        is_cpu = self.engine.device.lower() == CPU
        return self.engine if is_cpu else self.engine.model_copy(update={"device": CPU, "precision": "full"})

    def connect(self) -> None:
        """Join the cluster; raises ``AnnotError`` when Ray is not installed, or does not answer."""
        for name, value in _QUIET.items():
            os.environ.setdefault(name, value)
        try:
            import ray
        except ImportError as error:
            raise AnnotError("Ray is not installed: pip install 'annotate[ray]'") from error
        if ray.is_initialized():
            return
        said: list[str] = []
        try:
            if self.address is not None:
                _knock(self.address)
            with _standard_error(said):
                ray.init(self.address or "local", log_to_driver=False, logging_level=logging.CRITICAL)
        except (RuntimeError, ValueError, OverflowError, OSError) as error:
            if any(_REFUSED in line for line in said):
                raise AnnotError(f"{self.address}: Ray refuses: set RAY_AUTH_MODE=token and its token here") from error
            reason = str(error).strip().splitlines()[0]
            place = self.address or "this machine"
            raise AnnotError(f"{place}: no Ray answers there ({reason}); start it with `ray start`") from error

    def n_models(self) -> int:
        """Return how many models can work at once; raises ``AnnotError`` where none can."""
        import ray

        there = ray.cluster_resources()
        if not self.on_gpus:
            return max(1, int(there.get("CPU", 1)))
        if there.get("GPU", 0) < 1:
            raise AnnotError(f"device '{self.engine.device}': the cluster has no GPU; leave out --device")
        return int(there["GPU"])


@contextmanager
def head_watched(address: str, note: Note) -> Iterator[None]:
    """Tell when the head is lost: Ray's own code ends this process a minute later, without a word."""
    over = Event()

    def watch() -> None:
        while not over.wait(_LOOKED_EVERY):
            try:
                _knock(address)
            except OSError as error:
                note(
                    f"{address}: the head of the cluster is lost ({error}); unless it comes back, this ends in a minute"
                )
                return

    Thread(target=watch, daemon=True).start()
    try:
        yield
    finally:
        over.set()


def head() -> str:
    """Return the address of the head of the cluster that this process has joined."""
    import ray

    return str(ray.get_runtime_context().gcs_address)


def leave() -> None:
    """Leave the cluster that this process has joined."""
    import ray

    ray.shutdown()


@contextmanager
def failures_told() -> Iterator[None]:
    """Turn what Ray raises while it works into an ``AnnotError`` of one line."""
    from ray.exceptions import RayError

    try:
        yield
    except RayError as error:
        raise AnnotError(f"the cluster stopped: {reason_of(error)}") from error


def reason_of(error: BaseException) -> str:
    """Return what is behind an error, of which Ray tells whole stacks, in one line."""
    seen = [error]
    while isinstance(cause := getattr(seen[-1], "cause", None), BaseException) and cause not in seen:
        seen.append(cause)
    last = seen[-1]
    if isinstance(last, OSError) and last.strerror:
        return last.strerror
    return next((line.strip() for line in str(last).splitlines() if line.strip()), type(last).__name__)


def _knock(address: str) -> None:
    """Raise ``OSError`` where nobody listens at an address, which Ray would try for minutes."""
    if address == "auto":
        from ray._private.services import canonicalize_bootstrap_address

        address = canonicalize_bootstrap_address(address) or address
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_ANSWERS_WITHIN).close()


@contextmanager
def _standard_error(said: list[str]) -> Iterator[None]:
    """Catch what is written to standard error, by code in C++ as well."""
    with tempfile.TemporaryFile() as file:
        kept = os.dup(2)
        os.dup2(file.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            file.seek(0)
            said += file.read().decode("utf-8", "replace").splitlines()
