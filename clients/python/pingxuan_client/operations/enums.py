from enum import StrEnum


class OpenEnum(StrEnum):
    """An enum to which values may be added: one that is not known here is a member without a constant."""

    @classmethod
    def _missing_(cls, value: object) -> "OpenEnum":
        member = str.__new__(cls, value)
        member._name_ = member._value_ = str(value)
        return member


class BallotStatus(OpenEnum):
    COUNTED = "COUNTED"
    HELD = "HELD"
    VOIDED = "VOIDED"


class CampaignPhase(OpenEnum):
    DRAFT = "DRAFT"
    UPCOMING = "UPCOMING"
    VOTING = "VOTING"
    PAUSED = "PAUSED"
    CLOSED = "CLOSED"
    ANNOUNCED = "ANNOUNCED"
    PUBLISHED = "PUBLISHED"
    ARCHIVED = "ARCHIVED"


class OrderDirection(OpenEnum):
    ASC = "ASC"
    DESC = "DESC"


class Outcome(OpenEnum):
    CANDIDATE = "CANDIDATE"
    FINALIST = "FINALIST"
    WINNER = "WINNER"
    NOT_SELECTED = "NOT_SELECTED"


class ProjectLevel(OpenEnum):
    MUNICIPAL = "MUNICIPAL"
    DISTRICT = "DISTRICT"
    UNSTATED = "UNSTATED"


class ProjectOrderField(OpenEnum):
    NUMBER = "NUMBER"
    TITLE = "TITLE"
    DISTRICT = "DISTRICT"
    START_YEAR = "START_YEAR"
    COST = "COST"
    SHUFFLED = "SHUFFLED"


class QuotaPeriod(OpenEnum):
    HOUR = "HOUR"
    DAY = "DAY"
    CAMPAIGN = "CAMPAIGN"


class ResultOrderField(OpenEnum):
    RANK = "RANK"
    VOTES = "VOTES"
    NUMBER = "NUMBER"
    DISTRICT = "DISTRICT"
    GAIN = "GAIN"
    FINAL_SCORE = "FINAL_SCORE"


class ResultsVisibility(OpenEnum):
    LIVE = "LIVE"
    DAILY = "DAILY"
    AFTER_CASTING = "AFTER_CASTING"
    AFTER_CLOSE = "AFTER_CLOSE"
    AFTER_PUBLICATION = "AFTER_PUBLICATION"


class Role(OpenEnum):
    VOTER = "VOTER"
    EXPERT = "EXPERT"
    ORGANIZER = "ORGANIZER"
    AUDITOR = "AUDITOR"


class RuleCode(OpenEnum):
    CHOICE_COUNT = "CHOICE_COUNT"
    DISTINCT_CHOICES = "DISTINCT_CHOICES"
    ELIGIBLE_PROJECTS = "ELIGIBLE_PROJECTS"
    GROUP_CHOICE = "GROUP_CHOICE"
    BUDGET = "BUDGET"
    QUOTA = "QUOTA"
    VOTE_QUOTA = "VOTE_QUOTA"
    VOTING_WINDOW = "VOTING_WINDOW"
    VOTING_HOURS = "VOTING_HOURS"
    ELIGIBILITY = "ELIGIBILITY"
    IDEMPOTENCY_KEY = "IDEMPOTENCY_KEY"


class SignInProvider(OpenEnum):
    GUEST = "GUEST"
    WECHAT_MINI_PROGRAM = "WECHAT_MINI_PROGRAM"
    WECHAT_OFFICIAL_ACCOUNT = "WECHAT_OFFICIAL_ACCOUNT"
    OIDC = "OIDC"


class StageStatus(OpenEnum):
    PENDING = "PENDING"
    OPEN = "OPEN"
    DECIDED = "DECIDED"


class Standing(OpenEnum):
    STANDING = "STANDING"
    WITHDRAWN = "WITHDRAWN"
    DISQUALIFIED = "DISQUALIFIED"


class ViolationCode(OpenEnum):
    TOO_FEW_CHOICES = "TOO_FEW_CHOICES"
    TOO_MANY_CHOICES = "TOO_MANY_CHOICES"
    REPEATED_CHOICES = "REPEATED_CHOICES"
    UNKNOWN_PROJECTS = "UNKNOWN_PROJECTS"
    PROJECTS_NOT_STANDING = "PROJECTS_NOT_STANDING"
    TOO_FEW_IN_GROUP = "TOO_FEW_IN_GROUP"
    TOO_MANY_IN_GROUP = "TOO_MANY_IN_GROUP"
    BUDGET_EXCEEDED = "BUDGET_EXCEEDED"
    QUOTA_EXHAUSTED = "QUOTA_EXHAUSTED"
    VOTES_EXHAUSTED = "VOTES_EXHAUSTED"
    PROJECT_VOTES_EXHAUSTED = "PROJECT_VOTES_EXHAUSTED"
    VOTING_NOT_OPEN = "VOTING_NOT_OPEN"
    VOTING_CLOSED = "VOTING_CLOSED"
    VOTING_PAUSED = "VOTING_PAUSED"
    OUTSIDE_VOTING_HOURS = "OUTSIDE_VOTING_HOURS"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    IDEMPOTENCY_KEY_REUSED = "IDEMPOTENCY_KEY_REUSED"
