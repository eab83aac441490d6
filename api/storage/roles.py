"""Roles and revocations on a database, each change in one transaction with its event in the audit trail."""

from api.domain.audit_trail import AuditEvent
from api.domain.people.access import AccessGrants, Grant, revocations_unknown
from api.domain.people.identity import Role
from api.storage.audit_trail import write
from api.storage.database.connection import Database
from api.storage.database.outages import is_transient

# One statement, so that grants and revocations are of the same moment. number is null for a grant, role for a revocation.
ACCESS = """
    select viewer, role, campaign, null as number from grants
    union all select viewer, null, null, max(number) from revocations group by viewer
"""
GRANT = "insert into grants (viewer, role, campaign) values ($1, $2, $3) on conflict do nothing returning id"
WITHDRAW = "delete from grants where viewer = $1 and role = $2 and campaign = $3 returning id"
LAST_REVOCATION = "select coalesce(max(number), 0) as number from revocations"
# The next number is taken in the statement that uses it; whoever loses the race to it inserts nothing. Without a
# condition SQLite would take `on conflict` for a join's.
REVOKE = """
    insert into revocations (number, viewer) select coalesce(max(number), 0) + 1, $1 from revocations where true
    on conflict do nothing returning number
"""


class SqlAccessStore:
    """ports.AccessStore on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def access(self) -> AccessGrants:
        """All grants and revocations."""
        granted: dict[str, set[Grant]] = {}
        revoked: dict[str, int] = {}
        everybody = 0
        for row in await self._database.rows(ACCESS):
            viewer, role, number = row["viewer"], row["role"], row["number"]
            if role is not None:
                granted.setdefault(viewer, set()).add(Grant(viewer, Role[role], row["campaign"] or None))
            elif viewer is None:
                everybody = number
            else:
                revoked[viewer] = number
        return AccessGrants({viewer: frozenset(grants) for viewer, grants in granted.items()}, revoked, everybody)

    async def last_revocation(self) -> int:
        """The number of the last revocation. Numbers are committed in their order, so there are no others up to it."""
        try:
            rows = await self._database.rows(LAST_REVOCATION)
        except Exception as error:
            if not is_transient(error):
                raise
            raise revocations_unknown() from error
        return int(rows[0]["number"])

    async def grant(self, grant: Grant, event: AuditEvent) -> bool:
        """Give a role; False, and no event, when the viewer has it already."""
        async with self._database.transaction() as transaction:
            granted = await insert_grant(transaction, grant)
            if granted:
                await write(transaction, [event])
        return granted

    async def withdraw(self, grant: Grant, event: AuditEvent) -> bool:
        """Take exactly this grant away; False, and no event, when there is none."""
        async with self._database.transaction() as transaction:
            withdrawn = await delete_grant(transaction, grant)
            if withdrawn:
                await write(transaction, [event])
        return withdrawn

    async def revoke(self, viewer: str | None, event: AuditEvent) -> None:
        """End every session there is, of a viewer or, for None, of everybody."""
        async with self._database.transaction() as transaction:
            while not await transaction.rows(REVOKE, viewer):
                pass  # somebody else had the number first; the next one is free
            await write(transaction, [event])


async def insert_grant(database: Database, grant: Grant) -> bool:
    """Store a grant without an event; False when it is stored already."""
    return bool(await database.rows(GRANT, *_values(grant)))


async def delete_grant(database: Database, grant: Grant) -> bool:
    """Take exactly this grant away without an event; False when there is none."""
    return bool(await database.rows(WITHDRAW, *_values(grant)))


def _values(grant: Grant) -> tuple[str, str, str]:
    return grant.viewer, grant.role.name, grant.campaign or ""
