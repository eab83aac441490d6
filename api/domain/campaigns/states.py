"""What state a campaign is in, and when its standings may be seen."""

from enum import Enum


class CampaignPhase(Enum):
    """Where a campaign stands at a moment."""

    DRAFT = "It is being prepared, and seen by its organizers alone."
    UPCOMING = "Voting has not opened yet; ballots are refused with VOTING_NOT_OPEN."
    VOTING = "Voting is open; ballots are accepted."
    PAUSED = "The organizer has paused voting; ballots are refused with VOTING_PAUSED."
    CLOSED = "Voting has closed for good; ballots are refused with VOTING_CLOSED."
    ANNOUNCED = "An outcome is announced, and objections to it are heard; it is not final yet."
    PUBLISHED = "Voting has closed and the organizer has published the outcome."
    ARCHIVED = "It is over and put away: it can be read, and nothing of it changes any more."


class CampaignState(Enum):
    """What its organizer has done with a campaign, whatever the time."""

    DRAFT = "It is being prepared, and seen by its organizers alone."
    PRESENTED = "Everybody can see it, and vote while voting is open."
    ARCHIVED = "It is over and put away: it can be read, and nothing of it changes any more."


class ResultsVisibility(Enum):
    """When the standings may be seen. It cannot change once voting has opened or a ballot is stored."""

    LIVE = "By everyone, from the first ballot on."
    DAILY = "By everyone, as they stood at `resultsAt` each day, from the first such moment on; in full once voting has closed."
    AFTER_CASTING = "By whoever has cast a ballot in this campaign; by everyone once voting has closed."
    AFTER_CLOSE = "By everyone once voting has closed, by nobody before."
    AFTER_PUBLICATION = "By everyone once the organizer has published the outcome, by nobody before."


class ResultsStep(Enum):
    """How often standings that are seen live are brought up to date: the difference of two can be one ballot."""

    SECOND = "Every second."
    MINUTE = "Every full minute."
    HOUR = "Every full hour."
