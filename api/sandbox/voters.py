"""The voters that a sandbox begins with: named, with tokens that do not expire during a test, and with roles."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from api.domain.people.access import Grant
from api.domain.people.identity import Role, Voter
from api.domain.voting.quota import pseudonym
from api.identity.tokens import SignedTokens
from api.settings import Settings, required_secret
from api.storage.database.connection import Database
from api.storage.roles import insert_grant

PROVIDER = "guest"  # so that whoever signs in as a guest by one of these names is that voter
TOKEN_LIFETIME = timedelta(days=36525)  # a century: valid whatever the clock is set to
ROLES_BY_NAME: Mapping[str, tuple[Role, ...]] = {
    "lin": (),
    "wang": (),
    "chen": (),
    "expert": (Role.EXPERT,),
    "organizer": (Role.ORGANIZER,),
    "auditor": (Role.AUDITOR,),
}


async def grant_roles(database: Database, settings: Settings) -> None:
    """Grant the named voters their roles, in every campaign."""
    for name, roles in ROLES_BY_NAME.items():
        for role in roles:
            await insert_grant(database, Grant(_pseudonym(settings, name), role))


def named_voters(settings: Settings, now: datetime) -> list[dict[str, Any]]:
    """The named voters as JSON values, with tokens that are issued now."""
    tokens = SignedTokens(settings.token_secrets, TOKEN_LIFETIME)
    return [_voter_info(name, Voter(_pseudonym(settings, name)), tokens, now) for name in ROLES_BY_NAME]


def _voter_info(name: str, voter: Voter, tokens: SignedTokens, now: datetime) -> dict[str, Any]:
    return {
        "name": name,
        "id": f"viewer/{voter.pseudonym}",
        "token": tokens.issue(voter, PROVIDER, now).token,
        "roles": [role.name for role in (*voter.roles, *ROLES_BY_NAME[name])],
    }


def _pseudonym(settings: Settings, name: str) -> str:
    return pseudonym(required_secret(settings), PROVIDER, name)
