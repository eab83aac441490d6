"""Is each message that a server sends a frame that clients read, and made once for those who are sent the same?"""

import json

import pytest
from websockets.frames import Frame
from websockets.streams import StreamReader

from api.subscriptions.websocket.frames import error_frame, final_frames, next_frame, text_frame


def read(frames: bytes) -> list[bytes]:
    """The texts of whole, unmasked frames."""
    reader, texts = StreamReader(), []
    reader.feed_data(frames)
    while reader.buffer:
        with pytest.raises(StopIteration) as stop:
            next(Frame.parse(reader.read_exact, mask=False))
        frame = stop.value.value
        assert frame.fin
        texts.append(bytes(frame.data))
    return texts


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, 200_000])
def test_a_text_of_any_length_is_one_frame(length: int) -> None:
    text = b"x" * length
    assert read(text_frame(text)) == [text]


def test_an_id_is_written_as_json() -> None:
    for name in ("1", 'a"b\\', "投票\n"):
        told = [json.loads(text) for text in read(final_frames(name, b'{"data":{}}') + error_frame(name, b"[]"))]
        assert told == [
            {"id": name, "type": "next", "payload": {"data": {}}},
            {"id": name, "type": "complete"},
            {"id": name, "type": "error", "payload": []},
        ]


def test_those_with_the_same_id_are_sent_the_same_frame() -> None:
    payload = b'{"data":{"x":1}}'
    assert next_frame("1", payload) is next_frame("1", payload)
    assert next_frame("2", payload) != next_frame("1", payload)
    assert next_frame("1", b"{}") != next_frame("1", payload)
