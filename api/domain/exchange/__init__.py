"""What goes in and out as files: jobs, the ballots of a file, and what is wrong with one."""
