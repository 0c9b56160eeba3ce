"""kit: errors, settings, clock, ids and scope. Reads: environment and one TOML file, at start. Writes: nothing. Promises: knows nothing of feedback."""
