"""report: what a board needs to know, on a few pages: what changed, what did not, what cannot be told yet. Reads: answers. Writes: nothing.

Promises: sentences first; an interval beside every number; the reader's scope is followed and said; the same answers give the same bytes.
"""

from gensvar.serve.report.asking import Wanted, reported
from gensvar.serve.report.content import Report, report_of, scope_in_words
from gensvar.serve.report.making import report_file
from gensvar.serve.report.typesetting import pages_of, pdf_of

__all__ = ["Report", "Wanted", "pages_of", "pdf_of", "report_file", "report_of", "reported", "scope_in_words"]
