"""A report from end to end: ask, put in words, set."""

from gensvar.kit.language import translator
from gensvar.kit.scope import Scope
from gensvar.serve.export import File, file_name
from gensvar.serve.report.asking import Answering, Wanted, reported
from gensvar.serve.report.content import report_of
from gensvar.serve.report.typesetting import pdf_of
from gensvar.serve.web.words import Words


def report_file(desk: Answering, wanted: Wanted, scope: Scope, language: str) -> File:
    """The report as PDF, of what this desk's reader may see. BadInput for an unknown language; else as `reported`."""
    words, today = Words(translator(language).language), desk.today()
    made = report_of(reported(desk, wanted, words.language), wanted, scope, today, words)
    return File(file_name(["gensvar", "report", today.isoformat()], "pdf"), "application/pdf", pdf_of(made))
