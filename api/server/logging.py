"""Set up logging: JSON lines, or readable ones in a terminal, for every logger, each with its request id."""

import logging
import sys

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from api.http.request import REQUEST
from api.settings import Settings


def set_up_logs(settings: Settings) -> None:
    """Log everything in this process to standard error. A traceback is one field.

    Libraries are held to the same level. There is none below INFO: they would log statements with their values.
    """
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    processors: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        _process_and_request,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=processors,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            *(_json_processors() if as_json else _console_processors()),
        ],
    )
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=settings.log_level.upper(), handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def _process_and_request(logger: WrappedLogger, method: str, event: EventDict) -> EventDict:
    """Add the process id, and the request id where a request is being answered."""
    event["process"] = event["_record"].process
    request = REQUEST.get()
    if request is not None:
        event["request"] = request.request_id
    return event


def _json_processors() -> list[Processor]:
    return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]


def _console_processors() -> list[Processor]:
    colors = sys.stderr.isatty()
    return [structlog.dev.ConsoleRenderer(colors=colors, exception_formatter=structlog.dev.plain_traceback)]
