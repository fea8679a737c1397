"""Free TCP ports on the loopback interface."""

from __future__ import annotations

import random
import socket

LOOPBACK = "127.0.0.1"


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Say whether nothing listens on the port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # Without SO_REUSEADDR a port in TIME_WAIT would look taken for a minute after every restart.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """Pick a free port below the ephemeral range, where an outgoing connection could take it before we listen."""
    for _ in range(200):
        port = random.randint(20000, 32000)
        if is_free(port):
            return port
    raise RuntimeError("No free TCP port between 20000 and 32000.")
