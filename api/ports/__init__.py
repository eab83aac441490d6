"""What the services ask of storage, identity, formats and collation, so that none of these is known to the others.

Storage and the tests' in-memory stand-ins keep these promises; every identity provider is one IdentityProvider.
"""

from api.ports.ballots import BallotBox, BallotRecords, Electors, OrderStore, Rulings, Signals, Tallies
from api.ports.campaigns import CampaignForms, Campaigns, ImageStore, VoterSalts
from api.ports.people import (
    AccessStore,
    AuditTrail,
    Collation,
    IdentityProvider,
    RateLimitUsage,
    SignIn,
    SignInDays,
    Tokens,
)
from api.ports.reviews import LockedPanel, PanelStore
from api.ports.selections import ExpertBallots, Selections

__all__ = [
    "AccessStore",
    "AuditTrail",
    "BallotBox",
    "BallotRecords",
    "CampaignForms",
    "Campaigns",
    "Collation",
    "Electors",
    "ExpertBallots",
    "IdentityProvider",
    "ImageStore",
    "LockedPanel",
    "OrderStore",
    "PanelStore",
    "RateLimitUsage",
    "Rulings",
    "Selections",
    "SignIn",
    "SignInDays",
    "Signals",
    "Tallies",
    "Tokens",
    "VoterSalts",
]
