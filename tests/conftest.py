"""What every test can ask for."""

pytest_plugins = ["tests.engines", "tests.ledgers", "tests.houses"]
