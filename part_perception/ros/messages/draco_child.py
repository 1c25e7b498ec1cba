"""A program that decodes Draco streams for the node: a damaged one may end it, or take all the memory it may have.

Standard input is a socket. It says when it is ready. A stream comes after its length; the answer is the length of a
description, the description (JSON: an error, or type and size of each attribute), and the attributes.
"""

import json
import resource
import socket
import struct

READY = b"!"
LENGTH = struct.Struct("<Q")
MAX_MEMORY = 4 << 30  # bytes


def received(line: socket.socket, size: int) -> bytes:
    """So many bytes; an EOFError where the line ends before."""
    data = bytearray()
    while len(data) < size:
        piece = line.recv(min(size - len(data), 1 << 20))
        if not piece:
            raise EOFError
        data += piece
    return bytes(data)


def decoded(data: bytes) -> tuple[dict, list]:
    """A description, and the attributes as arrays of one row a point."""
    import DracoPy
    import numpy as np

    try:
        arrays = [np.ascontiguousarray(each["data"]) for each in DracoPy.decode(data).attributes]
    except Exception as error:
        return {"error": f"{error}"[:200]}, []
    return {"attributes": [[array.dtype.str, list(array.shape)] for array in arrays]}, arrays


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    line = socket.socket(fileno=0)
    decoded(b"")  # imports what it needs
    line.sendall(READY)
    while True:
        try:
            data = received(line, *LENGTH.unpack(received(line, LENGTH.size)))
        except EOFError:  # the node has ended
            return
        about, arrays = decoded(data)
        told = json.dumps(about).encode()
        line.sendall(LENGTH.pack(len(told)) + told)
        for array in arrays:
            line.sendall(array.data.cast("B"))


if __name__ == "__main__":
    main()
