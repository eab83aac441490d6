"""The channels by which ballots come."""

from enum import Enum


class Channel(Enum):
    """By which way a ballot came."""

    WEB = "A browser, or any program that signs in otherwise than with WeChat."
    WECHAT = "WeChat: its mini-programs, and pages that are open in it."
    SMS = "Short messages."
    PAPER = "Ballots on paper."
    ON_SITE = "At a polling place."
