"""What is voted on: campaigns, their calendars, districts and projects."""
