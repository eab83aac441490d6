"""Campaigns, their calendars, districts and projects."""
