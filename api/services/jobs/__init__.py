"""Jobs: imports and exports that run in the background of any server process, and survive its death."""
