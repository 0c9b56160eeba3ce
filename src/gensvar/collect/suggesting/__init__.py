"""suggesting: a first contract for a file, from its columns. Reads: a sample of the file. Promises: says how sure it is of each line, and why."""
