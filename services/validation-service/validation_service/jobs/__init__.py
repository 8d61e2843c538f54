"""The work that is long: claiming checks by lease, and the processes that look into the files."""
