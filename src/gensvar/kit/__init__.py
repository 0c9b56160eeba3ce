"""kit: errors, settings, clock, ids, scope, language. Reads: environment and one file, at start. Writes: nothing. Promises: knows no feedback."""
