"""What looks odd about ballots, and what organizers decide about them."""
