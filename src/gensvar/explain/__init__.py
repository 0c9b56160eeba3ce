"""explain: what matters most, for whom, and why it changed. Reads: feedback, events, parties, the cubes. Writes: nothing.

Promises: rows are counted in the engine and judged by their counts; nothing says “causes”; too few is an answer; many tests are held as many.
"""
