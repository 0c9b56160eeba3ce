"""hub: raw rows and API items → feedback, events, parties. Reads: batches. Writes: nothing. Promises: nothing is dropped, guessed or doubled."""

from gensvar.hub.intake import Intake, receive

__all__ = ["Intake", "receive"]
