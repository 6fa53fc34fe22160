"""The process in which a server trains: an order on standard input, events on standard output.

It has the lowest priority, and ends when the server does, for standard input is closed then.
"""

import os
import signal
import sys
from collections.abc import Callable
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from threading import Thread, main_thread

from annotate.config import Workspace, open_workspace
from annotate.errors import AnnotError
from annotate.server.events import Event, Failed, NotDue, Order, Renewed, Told, Trained
from annotate.workflow.learned import fingerprints, new_among
from annotate.workflow.refresh import refresh
from annotate.workflow.sync import pull
from annotate.workflow.train import train

_LOWEST = 19
Tell = Callable[[Event], None]


def carry_out(order: Order, tell: Tell) -> None:
    """Do what is ordered, and tell how it goes; what a user could mend is told as an event too."""
    try:
        workspace = open_workspace(Path(order.root), **order.settings)
        if order.kind == "renew":
            tell(Renewed(n_changed=refresh(workspace, _Progress(tell))))
        else:
            _train(order, workspace, tell)
    except AnnotError as error:
        tell(Failed(reason=str(error)))


@dataclass(frozen=True)
class _Progress:
    """A listener that tells the server."""

    tell: Tell

    def __call__(self, activity: str, /, done: int = 0, total: int | None = None) -> None:
        self.tell(Told(activity=activity, done=done, total=total))


def _train(order: Order, workspace: Workspace, tell: Tell) -> None:
    """Train where it is due."""
    progress = _Progress(tell)
    if order.pull:
        progress("Pulling labels")
        pull(workspace, progress=progress)
    n_new = new_among(fingerprints(workspace), workspace)
    if n_new < order.after and not order.asked:
        tell(NotDue(n_new=n_new))
        return
    result = train(workspace, progress=progress)
    compared = None if result.rivalry is None else result.rivalry.summary
    tell(Trained(name=result.name, in_use=result.in_use, n_new=n_new, compared=compared))


def main() -> None:
    """Read the order, and carry it out."""
    os.nice(_LOWEST)
    order = Order.model_validate_json(sys.stdin.buffer.readline())
    Thread(target=_end_with, args=(sys.stdin.fileno(),), daemon=True).start()
    out = sys.stdout

    def tell(event: Event) -> None:
        out.write(f"{event.model_dump_json()}\n")
        out.flush()

    with redirect_stdout(sys.stderr):  # whatever a library may print
        carry_out(order, tell)


def _end_with(pipe: int) -> None:
    """Interrupt the main thread when the server's end of a pipe is closed, so that it cleans up after itself."""
    while os.read(pipe, 1024):  # not by the stream, whose lock would be held at the end
        pass
    signal.pthread_kill(main_thread().ident or 0, signal.SIGINT)  # to that one, which may wait for the network


if __name__ == "__main__":
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.default_int_handler)
    try:
        main()
    except (KeyboardInterrupt, BrokenPipeError):
        sys.exit(1)
