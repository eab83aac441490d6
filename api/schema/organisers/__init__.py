"""What organizers send and are answered: campaigns and projects as inputs, grants, problems and payloads."""
