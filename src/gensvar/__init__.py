"""Gensvar: turns fragmented feedback into proven improvement. `import gensvar; hub = gensvar.open("data")`."""

__version__ = "0.1.0"
