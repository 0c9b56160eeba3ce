"""export: answers and tables as files to take along: CSV, XLSX, Parquet, PNG, SVG. Reads: answers. Writes: nothing; gives bytes.

Promises: never a number without its interval; what may not be shown is said in words and is never 0; text never becomes a formula; no network.
"""

from gensvar.serve.export.answers import answer_table
from gensvar.serve.export.files import FORMS, File, Form, answer_file, file_name, form_of, split_ending
from gensvar.serve.export.pictures import Look
from gensvar.serve.export.tables import as_csv, as_parquet, as_xlsx

__all__ = [
    "FORMS", "File", "Form", "Look", "answer_file", "answer_table", "as_csv", "as_parquet", "as_xlsx", "file_name", "form_of", "split_ending",
]  # fmt: skip
