"""The messages of graphql-transport-ws that a server sends, each as the WebSocket frame that it is sent in."""

import struct
from functools import lru_cache

import orjson

FINAL_TEXT = 0x81  # the first byte of a frame that is a whole message of text
MAX_SHORT, MAX_MEDIUM = 125, 0xFFFF  # bytes whose number the second byte holds, and the two behind it


def text_frame(text: bytes) -> bytes:
    """The frame of a message in UTF-8. A server masks nothing."""
    length = len(text)
    if length <= MAX_SHORT:
        return b"%c%c%b" % (FINAL_TEXT, length, text)
    if length <= MAX_MEDIUM:
        return struct.pack("!BBH", FINAL_TEXT, 126, length) + text
    return struct.pack("!BBQ", FINAL_TEXT, 127, length) + text


CONNECTION_ACK = text_frame(b'{"type":"connection_ack"}')
PING = text_frame(b'{"type":"ping"}')
PONG = text_frame(b'{"type":"pong"}')


@lru_cache(1)  # subscribers of a topic mostly follow each other, and those of a mini-program all have the same id
def next_frame(operation_id: str, payload: bytes) -> bytes:
    """A next message; the payload is a result as JSON."""
    return text_frame(b'{"id":%b,"type":"next","payload":%b}' % (orjson.dumps(operation_id), payload))


def error_frame(operation_id: str, errors: bytes) -> bytes:
    """An error message, which ends an operation; errors is a JSON list."""
    return text_frame(b'{"id":%b,"type":"error","payload":%b}' % (orjson.dumps(operation_id), errors))


def final_frames(operation_id: str, payload: bytes) -> bytes:
    """A next message with the last result of an operation, and the complete message that ends it."""
    complete = text_frame(b'{"id":%b,"type":"complete"}' % orjson.dumps(operation_id))
    return next_frame(operation_id, payload) + complete
