"""What one document may ask for, measured before it is validated."""
