"""web: the pages. Reads: a Desk. Writes: files on their way in. Promises: thin doors; no number of their own, no script from elsewhere."""

from gensvar.serve.web.desk import Desk, JobStatus, Line, SetAsideCount, SetAsideRow, SourceStatus, Suggested

__all__ = ["Desk", "JobStatus", "Line", "SetAsideCount", "SetAsideRow", "SourceStatus", "Suggested"]
