"""Senders: which process sent a request. DDS says so in the request's header, and rclpy does not pass it on.

The header that rclpy hands out wraps rmw_service_info_t: two times, the client's identity, a sequence number. The
identity is read from there, and used only if the other three are what rclpy says they are; else it is unknown.
"""

from __future__ import annotations

import os
import struct
from typing import Any

SENDER = 12  # bytes of the identity that all clients of a process share
_INFO = struct.Struct("=qq16sq")
_WRAPPED = 16  # bytes of a Python object, after which comes the pointer to what it wraps
UNKNOWN = b""

# Memory is read as a file: a wrong address is an error there, and not the end of the process.
try:
    _MEMORY = os.open("/proc/self/mem", os.O_RDONLY | os.O_CLOEXEC)
except OSError:
    _MEMORY = -1


def sender_of(header: Any) -> bytes:
    """The process that sent the request with this header; UNKNOWN if it cannot be told."""
    try:
        (place,) = struct.unpack("P", os.pread(_MEMORY, struct.calcsize("P"), id(header) + _WRAPPED))
        source, received, identity, number = _INFO.unpack(os.pread(_MEMORY, _INFO.size, place))
        told = (header.source_timestamp, header.received_timestamp, header.request_id.sequence_number)
    except (OSError, OverflowError, struct.error, AttributeError):
        return UNKNOWN
    return identity[:SENDER] if (source, received, number) == told else UNKNOWN
