"""measure: questions to answers. Reads: the cubes, `feedback`. Writes: nothing. Promises: each number with its doubt; never red because of noise."""

from gensvar.measure.answer import Answer, Change, Estimate, Group, Hidden, Move, NotComparable, Point, TooFew, Verdict
from gensvar.measure.ask import ask, ask_many
from gensvar.measure.cube import count
from gensvar.measure.metrics import METRICS, Metric, metric_of
from gensvar.measure.parse import parse_period, parse_question, question_address
from gensvar.measure.plain import answer_json
from gensvar.measure.plan import Source
from gensvar.measure.question import GRAINS, Against, Grain, Period, Question
from gensvar.measure.say import estimate_text, value_name

__all__ = [
    "GRAINS", "METRICS", "Against", "Answer", "Change", "Estimate", "Grain", "Group", "Hidden", "Metric", "Move", "NotComparable",
    "Period", "Point", "Question", "Source", "TooFew", "Verdict", "answer_json", "ask", "ask_many",
    "count", "estimate_text", "metric_of", "parse_period", "parse_question", "question_address", "value_name",
]  # fmt: skip
