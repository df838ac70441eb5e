"""Files for the demo's evidence: a scanned slip, a recording. Drawn and sounded here, so that nothing foreign is committed."""

import io
import math
import struct
import wave
import zlib
from pathlib import Path

WIDTH, HEIGHT = 420, 594
PAPER, INK, STAMP = b"\xfd\xfc\xf7", b"\x4a\x50\x58", b"\xc8\x3c\x32"
RATE = 8_000


def made(label: str) -> bytes:
    """The bytes of a file of this name: a picture or a recording, the same for the same name."""
    seed = sum(label.encode())
    return _recording(seed) if Path(label).suffix == ".wav" else _slip(seed)


def _slip(seed: int) -> bytes:
    """A page with lines of writing and a round stamp, as PNG."""
    rows = bytearray()
    for y in range(HEIGHT):
        rows += b"\x00" + b"".join(_dot(x, y, seed) for x in range(WIDTH))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = (b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _dot(x: int, y: int, seed: int) -> bytes:
    away = math.hypot(x - 310, y - 480)
    if 52 < away < 57 or (away < 30 and abs(y - 480) < 3):
        return STAMP
    line, below = divmod(y - 60, 28)
    writing = 0 <= line < 12 and below < 6 and 40 < x < 200 + (line * 61 + seed) % 170 and (x * 7 + line) % 23 > 5
    return INK if writing else PAPER


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _recording(seed: int) -> bytes:
    """Two seconds of a soft tone, as WAV."""
    tone = 220 + seed % 200
    samples = (
        round(6_000 * math.sin(2 * math.pi * tone * n / RATE) * math.sin(math.pi * n / RATE / 2))
        for n in range(2 * RATE)
    )
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()
