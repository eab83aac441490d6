"""What keeps a log honest outside the database: keys that sign, the anchor, and witnesses."""
