"""The HTTP status codes and WebSocket close codes of errors, 429 among them: what each means, and when to retry."""

from collections.abc import Mapping
from typing import NamedTuple


class StatusDoc(NamedTuple):
    """What a code means, and what the client does about it: sentences in Markdown."""

    meaning: str
    remedy: str


STATUSES: Mapping[int, StatusDoc] = {
    400: StatusDoc("It is no HTTP request, or no GraphQL request.", "Mend the request; the message says where."),
    401: StatusDoc(
        "An image or the file of a job is uploaded or fetched without a token, or with a wrong one.",
        "Sign in, then retry.",
    ),
    403: StatusDoc(
        "Only an organizer of the campaign uploads its images, and the file of an export is for who may see what is in it.",
        "A retry will not help.",
    ),
    404: StatusDoc(
        "Nothing is at this path, or the event stream, the image, the campaign of an image or the job is not there.",
        "Ask at `/graphql`; reserve a stream; start the job again.",
    ),
    405: StatusDoc("The method is not taken, or a change was asked for by GET.", "Use the methods in `Allow`."),
    406: StatusDoc("No media type in `Accept` can be given.", "Accept `application/graphql-response+json`."),
    409: StatusDoc(
        "The event stream, or the operation on it, is open already; or the job waits for no file, or not for these bytes.",
        "Use another; send the file from `Upload-Offset` on.",
    ),
    413: StatusDoc(
        "The body, the file of a job, or the images of the campaign are too long.",
        "Send less: `extensions.most` says how much.",
    ),
    415: StatusDoc(
        "The body is not declared as JSON in UTF-8, at `/images` as a picture, or is compressed.",
        "Set `Content-Type: application/json` or, for a picture, its own, and no `Content-Encoding`.",
    ),
    416: StatusDoc(
        "The range begins behind the end of the file.", "Ask for bytes that `Content-Range` says there are."
    ),
    421: StatusDoc("This server does not serve that host name.", "Staff: name it in `PINGXUAN_HOSTS`."),
    422: StatusDoc(
        "The file is no picture that can be shown, or not the one that was announced for the job.",
        "Send another; the message says what is wrong.",
    ),
    429: StatusDoc("Too many requests in a short time.", "Wait for the seconds in `Retry-After`."),
    431: StatusDoc(
        "The URL with the headers is too long, or there are too many headers.", "Send less: `extensions.most`."
    ),
    500: StatusDoc("The server failed.", "Retry later; tell staff the id."),
    501: StatusDoc("`Transfer-Encoding` is not `chunked`.", "Send the body with its length, or in chunks."),
    503: StatusDoc(
        "The operation took too long, the database is out of reach, or the server stopped before it was done.",
        "Retry later, a ballot with the same `idempotencyKey`.",
    ),
}
CLOSE_CODES: Mapping[int, StatusDoc] = {
    1002: StatusDoc("A frame is none.", "Mend the client."),
    1007: StatusDoc("A text is not UTF-8.", "Mend the client."),
    1009: StatusDoc("A message is longer than the limit `socket_message`, 64 KiB by default.", "Send less."),
    1012: StatusDoc("The server restarts.", "Connect again, after a random pause of seconds."),
    4400: StatusDoc("A message is malformed; the reason says how.", "Mend the client."),
    4401: StatusDoc("`subscribe` came before `connection_ack`.", "Wait for it."),
    4403: StatusDoc("The token is wrong, or the session has ended.", "Sign in, then connect again."),
    4406: StatusDoc("No protocol was offered that is spoken here.", "Offer `graphql-transport-ws`."),
    4408: StatusDoc("`connection_init` did not come within 5 seconds, or a `ping` was not answered.", "Connect again."),
    4409: StatusDoc("The id is in use by another operation of the socket.", "Use another."),
    4429: StatusDoc("`connection_init` came twice, or too many messages came in a minute.", "Send it once; say less."),
    4500: StatusDoc("The server failed.", "Connect again, later."),
}
