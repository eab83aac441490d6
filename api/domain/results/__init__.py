"""What is counted: tallies, ranking, and who may see it when."""
