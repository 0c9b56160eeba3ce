"""hub: raw rows and API items → feedback, events, parties. Reads: batches. Writes: nothing. Promises: nothing is dropped, guessed or doubled."""

from gensvar.hub.api_items import Decoded, EventItem, FeedbackItem, Item, decode
from gensvar.hub.api_receive import receive_items
from gensvar.hub.complete import completed, days_of, ids_of
from gensvar.hub.intake import Intake, receive

__all__ = ["Decoded", "EventItem", "FeedbackItem", "Intake", "Item", "completed", "days_of", "decode", "ids_of", "receive", "receive_items"]
