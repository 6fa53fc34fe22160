"""`annot serve` as a function: it serves until it is interrupted."""

import signal
import socket
from contextlib import closing, nullcontext, suppress

import uvicorn

from annotate.config import Workspace
from annotate.errors import AnnotError
from annotate.server.app import make_app
from annotate.server.connections import Connection, most_connections
from annotate.server.live import Listeners, Live
from annotate.server.options import ServeOptions
from annotate.server.served import Served
from annotate.workflow.leftovers import remove_unfinished
from annotate.workflow.locks import alone

_ENDS_WITHIN = 10  # seconds for requests that are being answered when it is interrupted


def serve(workspace: Workspace, options: ServeOptions, listeners: Listeners | None = None) -> None:
    """Serve the workspace's model until an interruption, and train meanwhile.

    Raises:
        ConfigError: Others could reach the server, and there is no token; or Label Studio could not reach it.
        AnnotError: The port is taken, another server is connected, the model cannot be used, or Label Studio does not
            let it be connected.
    """
    listeners = listeners or Listeners()
    options.check(workspace.settings.url)
    for name in remove_unfinished(workspace):
        listeners.note(f"removed what was left of model '{name}', whose training was ended")
    served = Served(workspace, options.limits.waiting)
    # One that is connected at a time, for a workspace's registration has one mark.
    alone_connected = alone(workspace, "serving", wait=False) if options.connect else nullcontext()
    with alone_connected, closing(_listening(options)) as listener:
        live = Live(workspace, options, served, listeners, url=_url(options.host, listener))
        server = make_server(live)
        live.stop = lambda: setattr(server, "should_exit", True)
        if hasattr(signal, "SIGHUP"):  # a closed terminal ends it as Ctrl-C does
            signal.signal(signal.SIGHUP, lambda *_: live.stop())
        listeners.note(f"serving {_what(served)} at {live.url}; Ctrl-C ends it")
        with suppress(KeyboardInterrupt):  # as uvicorn hands it on, after it has ended in order
            server.run([listener])
    if live.problem is not None:
        raise live.problem


def _what(served: Served) -> str:
    return "without a model yet" if served.version is None else f"model '{served.version}'"


def make_server(live: Live) -> uvicorn.Server:
    """Make what answers requests; it still needs something to listen at."""
    limits = live.options.limits
    n_open, n_waiting = most_connections(limits.connections)
    return uvicorn.Server(
        uvicorn.Config(
            make_app(live),
            log_config=None,
            log_level="error",  # what clients do wrong is told to them
            access_log=False,
            server_header=False,
            proxy_headers=False,  # whoever a proxy says it asks for could be invented
            lifespan="on",
            loop="asyncio",
            http=Connection,
            ws="none",
            limit_concurrency=n_open,
            backlog=n_waiting,
            timeout_keep_alive=limits.head_seconds,
            timeout_graceful_shutdown=_ENDS_WITHIN,
        )
    )


def _listening(options: ServeOptions) -> socket.socket:
    """Listen at the host and port, so that it is told at once where that cannot be."""
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((options.host, options.port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise AnnotError(
            f"{options.host}, port {options.port}: cannot be listened at: {error.strerror}; choose another with --port"
        ) from error
    return listener


def _url(host: str, listener: socket.socket) -> str:
    port = listener.getsockname()[1]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
