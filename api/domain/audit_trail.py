"""The audit trail: what was refused to whom, and what staff have changed. Nobody appears by a name."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class TrailKind(Enum):
    """What an entry of the trail records."""

    SIGN_IN_FAILED = "Somebody could not sign in. Details: `provider` and `code`."
    BALLOT_REFUSED = "The rules refused a ballot. Details: `codes`, as `castBallot` gave them."
    ACCESS_DENIED = "Somebody asked for what their roles do not allow. Details: `field` and the `roles` it needs."
    BALLOTS_HELD = "An organizer, or staff, held ballots. Details: how many `ballots`, and the `reason`."
    BALLOTS_RELEASED = "An organizer, or staff, released held ballots. Details: how many `ballots`, and the `reason`."
    BALLOTS_VOIDED = "An organizer, or staff, voided ballots. Details: how many `ballots`, and the `reason`."
    ROLE_GRANTED = "An organizer, or staff, gave somebody a role. Details: `role` and `viewer`."
    ROLE_WITHDRAWN = "An organizer, or staff, took a role away. Details: `role` and `viewer`."
    SESSIONS_REVOKED = "Staff ended the sessions of `viewer`, or of everybody where the details name none."
    SIGNED_OUT = "A viewer ended all of their own sessions."
    CAMPAIGN_LOADED = "Staff stored a campaign or a change to it. Details: the `file`'s name and its `sha256`."
    CAMPAIGN_CREATED = "An organizer began a campaign, as a draft."
    CAMPAIGN_AMENDED = "An organizer changed a campaign. Details: the `keys` that were sent, and the new `revision`."
    PROJECTS_CHANGED = "An organizer put or removed projects. Details: their `numbers`, and the new `revision`."
    CAMPAIGN_PRESENTED = "An organizer presented a campaign to everybody. Details: the `revision`, the `rulesDigest`."
    VOTING_PAUSED = "An organizer paused voting. Details: the `reason`."
    VOTING_RESUMED = "An organizer resumed voting. Details: the `reason`, and where it was moved, the new `closesAt`."
    VOTING_EXTENDED = "An organizer moved the close of voting. Details: `closesAt`, what it `was`, and the `reason`."
    CAMPAIGN_ARCHIVED = "An organizer put a campaign away."
    PROJECT_WITHDRAWN = "A project was withdrawn. Details: its `number`, the `replacement` and the `reason`."
    PROJECT_DISQUALIFIED = "A project was disqualified. Details: its `number`, the `replacement` and the `reason`."
    VOTES_VOIDED = (
        "The votes for a project of some time were voided. Details: its `number`, `from`, `until` and the `reason`."
    )
    SELECTION_COMMITTED = "An organizer had a stage decided. Details: the `stage`, the `version` and its `digest`."
    SELECTION_ANNOUNCED = (
        "An organizer announced what a stage has decided. Details: the `stage`, the `version`, its `digest` and "
        "`objectionsUntil`."
    )
    OBJECTION_RECORDED = "An organizer put an objection on record. Details: the `stage` and the `number`."
    OBJECTION_ANSWERED = "An organizer answered an objection. Details: the `stage` and the `number`."
    SELECTION_CONFIRMED = (
        "An organizer confirmed what a stage has decided. Details: the `stage`, the `version`, its `digest`."
    )
    SELECTION_CORRECTED = (
        "An organizer corrected an announced outcome. Details: the `stage`, the `version`, its `digest`, the `reason`."
    )
    EXPERT_BALLOT_CAST = "An expert cast a ballot. Details: the `stage`."
    IMAGE_UPLOADED = "An organizer uploaded an image for the campaign. Details: its `url`."
    EXPERTS_INVITED = "An organizer invited experts. Details: their numbers, `experts`."
    INVITATION_ACCEPTED = (
        "A viewer accepted an invitation, and is an expert since. Details: the number of the `expert`."
    )
    INVITATION_REFUSED = "Somebody tried to accept an invitation that there is not, or no longer."
    REVIEWS_ASSIGNED = (
        "An organizer assigned reviews. Details: `perProject`, `mostPerExpert`, `seed`, how many `reviews`."
    )
    REVIEW_SUBMITTED = "An expert submitted a review. Details: `expert`, `project` and `revision`, as numbers."
    REVIEW_REVISED = "An expert changed a submitted review. Details: `expert`, `project` and `revision`, as numbers."
    REVIEW_ABSTAINED = "An expert abstained from a review. Details: `expert`, `project` and `revision`, as numbers."
    REVIEW_RECUSED = (
        "An expert declared a conflict of interest. Details: `expert`, `project` and `revision`, as numbers."
    )
    CONFLICT_DECLARED = (
        "An organizer declared an expert's conflict of interest. Details: `expert` and `project`, as numbers."
    )
    EXPERT_DROPPED = (
        "An organizer dropped an expert, whose reviews count nowhere. Details: `expert`, the `reviews` that counted before, "
        "what the `quorum` is since, and the `reason`."
    )
    PANEL_EXTENDED = "An organizer moved the deadline of a panel. Details: `closesAt`, what it `was`, and the `reason`."
    CAMPAIGN_IMPORTED = (
        "A campaign was made from a file, with its ballots. Details: the `file`'s name, its `sha256`, and how many ballots "
        "were `accepted` and `refused`."
    )
    BALLOTS_UPLOADED = (
        "An organizer uploaded ballots of a polling place. Details: the `job`, the `place`, the `day`, the `channel`, the "
        "`file`'s name, its `sha256`, and how many `ballots`."
    )
    BALLOTS_APPROVED = "Another organizer approved ballots of a polling place. Details: the `job`, the `place`."
    BALLOTS_COUNTED = (
        "Approved ballots of a polling place were counted. Details: the `job`, the `place`, the `day`, the `channel`, how many "
        "were `accepted` and `refused`."
    )
    FILE_EXPORTED = "Staff exported what only they see. Details: the `job`, its `content` and its `format`."
    JOB_CANCELLED = "A job was cancelled. Details: the `job`, its `content` and its `format`."
    CAMPAIGN_FORGOTTEN = "Staff destroyed the campaign's voter secret, so that no ballot leads to its voter any more."


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One thing that happened. actor: who did it, under a name that is used in the trail alone; None when unknown or staff.

    details hold texts, numbers and lists of texts; never a name, an openid, an address or a token.
    """

    at: datetime
    kind: TrailKind
    campaign: str | None = None
    actor: str | None = None
    details: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as it stands in the trail; numbers grow with every event."""

    number: int
    event: AuditEvent


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """Which events to read: those that meet every condition. None and () are no condition; since is included."""

    kinds: tuple[TrailKind, ...] = ()
    campaign: str | None = None
    since: datetime | None = None
