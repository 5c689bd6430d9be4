"""One cluster at a time: whoever has the lock keeps the cluster.

The lock is an abstract socket, which the kernel takes away together with its process and which leaves no file behind.
"""

from __future__ import annotations

import socket
import struct

ADDRESS = "\0spicedb-test-cluster"


def take() -> socket.socket | None:
    """The lock, held while the socket is open; None when another process has it."""
    taken = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        taken.bind(ADDRESS)
    except OSError:
        taken.close()
        return None
    taken.listen(64)
    return taken


def holder() -> int | None:
    """The process that has the lock."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
        try:
            asking.connect(ADDRESS)
        except OSError:
            return None
        credentials = asking.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
        pid: int = struct.unpack("3i", credentials)[0]
        return pid
