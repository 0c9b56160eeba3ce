"""What every test can ask for."""

import os

os.environ.setdefault("GENSVAR_ENCODER", "none")  # a process of its own beside each house would take most of the time; tests that need it say so

pytest_plugins = ["tests.engines", "tests.ledgers", "tests.houses"]
