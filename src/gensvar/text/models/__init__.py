"""The models that ship: numbers only, each with its card."""
