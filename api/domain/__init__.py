"""What a public selection is, as pure values: standard library only, no input or output, no clock, no randomness."""
