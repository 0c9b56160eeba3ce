"""`python -m gensvar` is the command `gensvar`."""

from gensvar.serve.cli import main

main()
