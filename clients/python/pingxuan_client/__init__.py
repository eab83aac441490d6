"""Pingxuan's client for Python. What operations give and take is in `pingxuan_client.operations`, made of schema.graphql."""

from pingxuan_client._async.client import AsyncClient
from pingxuan_client._sync.client import Client, new_idempotency_key
from pingxuan_client.answers import Answer
from pingxuan_client.errors import Refused, Unreachable
from pingxuan_client.operations.input_types import (
    Credential,
    GuestCredential,
    OidcCredential,
    ProjectFilter,
    ProjectOrder,
    ResultOrder,
    WeChatCredential,
)
from pingxuan_client.ranking import Connection, Hidden, Ranking

__all__ = [
    "Answer",
    "AsyncClient",
    "Client",
    "Connection",
    "Credential",
    "GuestCredential",
    "Hidden",
    "OidcCredential",
    "ProjectFilter",
    "ProjectOrder",
    "Ranking",
    "Refused",
    "ResultOrder",
    "Unreachable",
    "WeChatCredential",
    "new_idempotency_key",
]
