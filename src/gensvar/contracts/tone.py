"""tone: the one measure that is not asked but read, from what is written. It comes into force with the first text that is understood."""

from gensvar.contracts.measures import Measure

TONE = Measure(
    id="tone",
    version=1,
    metric="scale",
    low=-1.0,
    high=1.0,
    step=1 / 64,  # a power of two: sums are exact
    name={
        "en": "Tone of what is written",
        "sv": "Ton i det som skrivs",
        "nb": "Tone i det som skrives",
        "da": "Tone i det, der skrives",
        "fi": "Kirjoitetun sävy",
    },
    owner="Gensvar",
    note="Read by a model from each text: -1 is as bad as can be said, 1 as good. How often it is right stands on the page Text quality.",
)
