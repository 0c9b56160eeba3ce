"""people: how somebody gets in, and stays the only one who does. Reads and writes: members, sessions, links, attempts. Promises: no password, token
or code is kept, logged or shown twice; who is unknown is answered like who is known; the network is used for single sign-on alone, where it is set.
"""

from gensvar.serve.people.guests import guests
from gensvar.serve.people.passwords import Passwords
from gensvar.serve.people.ways import Ways, ways_of

__all__ = ["Passwords", "Ways", "guests", "ways_of"]
