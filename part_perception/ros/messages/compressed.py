"""Compressed clouds, as point_cloud_transport sends them: zlib and zstd."""

from __future__ import annotations

import zlib
from types import SimpleNamespace

from part_perception.ros.refusal import Refusal, Status

MOST_BYTES = 1 << 28  # of a cloud: a few bytes can ask for any amount of memory
ZLIB_OR_GZIP = 47


def decompressed(message):
    """What a CompressedPointCloud2 holds, with the fields of a PointCloud2; a Refusal where it cannot be read."""
    size = message.row_step * message.height
    try:
        if size > MOST_BYTES:
            raise ValueError(f"{size} bytes are too many")
        data = unpacked(bytes(message.compressed_data), message.format, size)
        if len(data) != size:
            raise ValueError(f"its data does not have the {size} bytes of its rows")
    except Exception as error:  # what broken data raises differs from format to format
        sentence = f"The cloud cannot be read: its {message.format} data cannot be unpacked ({error})."
        raise Refusal(Status.BAD_CLOUD, sentence) from None
    names = ("header", "height", "width", "fields", "is_bigendian", "point_step", "row_step", "is_dense")
    return SimpleNamespace(data=bytearray(data), **{name: getattr(message, name) for name in names})


def unpacked(data: bytes, form: str, size: int) -> bytes:
    """The bytes of a cloud, not many more than `size` of them."""
    if form == "zlib":
        return zlib.decompressobj(ZLIB_OR_GZIP).decompress(data, size + 1)
    if form == "zstd":
        import zstandard

        return zstandard.ZstdDecompressor(max_window_size=MOST_BYTES).stream_reader(data).read(size + 1)
    raise ValueError("only zlib and zstd are known")
