"""explaining: `explain` composed with a house: counted by its engine, judged, and kept as findings. Reads: the hub. Writes: findings."""
