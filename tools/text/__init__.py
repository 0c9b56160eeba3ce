"""Trains every model that ships: `python -m tools.text --data FOLDER`. Texts of public sets stay in their folder; only weights leave it."""
