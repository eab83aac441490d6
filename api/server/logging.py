"""How logs are written: lines of JSON for machines, readable ones in a terminal, whoever's logger they come from."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from api.http.request_info import REQUEST_INFO
from api.settings import Settings


def set_up_logs(settings: Settings) -> None:
    """Write everything that is logged in this process to standard error. Exceptions are one field, with their tracebacks.

    Libraries are held to the same level. There is none below INFO: they would log statements with their values.
    """
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    known: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _process_and_request,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    form = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=known,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(_lines() if as_json else _readable()),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(form)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def _process_and_request(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Which process logs, and the id of the request that it is answering, if it is."""
    event["process"] = event["_record"].process
    request_info = REQUEST_INFO.get()
    if request_info is not None:
        event["request"] = request_info.request_id
    return event


def _lines() -> list[Processor]:
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _readable() -> list[Processor]:
    colors = sys.stderr.isatty()
    return [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
