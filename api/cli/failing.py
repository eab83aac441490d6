"""How a command fails: what can be foreseen ends in one sentence and exit code 2, not in a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from api.app import NotMigratedError
from api.domain.faults import Fault
from api.identity.providers_file import ProvidersFileError
from api.operations.metrics import MetricsPortError
from api.operations.watches import TracingUnavailable
from api.services.campaigning import FrozenCampaignError
from api.settings.setting import SettingError
from api.storage.database import DatabaseUnavailable
from api.storage.forgetting import NotScrubbedError
from api.storage.migrating import MigrationFailed, MigrationRefused
from api.storage.urls import DatabaseUrlError


class CommandError(Exception):
    """Why a command cannot do what it was asked to, as a sentence."""


EXPECTED = (
    CommandError,
    DatabaseUnavailable,
    DatabaseUrlError,
    Fault,
    FrozenCampaignError,
    MigrationFailed,
    MetricsPortError,
    MigrationRefused,
    NotMigratedError,
    NotScrubbedError,
    ProvidersFileError,
    SettingError,
    TracingUnavailable,
)


@contextmanager
def one_sentence() -> Iterator[None]:
    """Turn an expected failure into its sentence."""
    try:
        yield
    except EXPECTED as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"pingxuan: {error}", markup=False)
        sys.exit(2)
