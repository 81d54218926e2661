"""The site and its worker under one command: started together, stopped together."""

import signal
import subprocess
import time
from types import FrameType

LOOK_SECONDS = 0.5
AGAIN_SECONDS = 5.0  # a worker that dies at its start is not started in a circle
GRACE_SECONDS = 60.0  # a mail in hand may take that long


def run_together(server: list[str], helper: list[str] | None) -> int:
    """Run both until the server ends, or SIGTERM or SIGINT asks to; returns its exit status.

    A helper that ends by itself is started again.
    """
    asked_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    main = subprocess.Popen(server)  # noqa: S603 - our own command line
    beside: subprocess.Popen[bytes] | None = None
    started = -AGAIN_SECONDS
    while main.poll() is None and not asked_to_stop:
        gone = beside is None or beside.poll() is not None
        if helper and gone and time.monotonic() - started >= AGAIN_SECONDS:
            started = time.monotonic()
            beside = subprocess.Popen(helper)  # noqa: S603
        time.sleep(LOOK_SECONDS)
    _end([main, beside])
    return 0 if asked_to_stop else main.wait()


def _end(processes: list[subprocess.Popen[bytes] | None]) -> None:
    """Ask each to stop, wait, and make an end of those that do not."""
    running = [process for process in processes if process is not None]
    for process in running:
        process.terminate()  # nothing happens to one that has ended
    deadline = time.monotonic() + GRACE_SECONDS
    for process in running:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
