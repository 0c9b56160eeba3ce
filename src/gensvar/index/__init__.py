"""index: where texts are, by their words and by what they mean. Reads: texts and vectors handed in. Writes: files of its own in the data folder.

Promises: whatever it holds can be made anew from the hub; it holds nothing of a text that the hub no longer has, once it has caught up.
"""

from gensvar.index.meaning import MeaningIndex
from gensvar.index.text_index import Mark, TextIndex
from gensvar.index.words import Candidates, Entry, WordIndex

__all__ = ["Candidates", "Entry", "Mark", "MeaningIndex", "TextIndex", "WordIndex"]
