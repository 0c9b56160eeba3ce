"""What a night might have found of words and outcomes: one association of each verdict, and one that so few stand behind."""

from datetime import date

from gensvar.explain.outcomes import Association, Looked, Ratio

STANDS = Association(
    term="topic:features.integration", kind="topic", name={}, language="", tone="negative", outcome="left", verdict="more",
    ratio=Ratio(1.41, 1.21, 1.66, 0.00001), q=0.003, replicated="both", held=Ratio(1.38, 1.1, 1.73, 0.006), again=Ratio(1.39, 1.18, 1.64, 0.0001),
    parties=412, events=131, expected=93.4, value=1_234_567.0, window=6, median_months=2.5, needed=0,
)  # fmt: skip
WORD = Association(
    term="word:sv:krångl", kind="word", name={"sv": "krångligt"}, language="sv", tone="negative", outcome="left", verdict="unconfirmed",
    ratio=Ratio(1.6, 1.2, 2.1, 0.001), q=0.04, replicated="", held=Ratio(1.1, 0.7, 1.6, 0.6), again=Ratio(1.5, 1.1, 2.0, 0.003),
    parties=96, events=31, expected=19.4, value=None, window=6, median_months=3.0, needed=0,
)  # fmt: skip
YET = Association(
    term="topic:price", kind="topic", name={}, language="", tone="negative", outcome="left", verdict="unknown",
    ratio=Ratio(1.2, 0.8, 1.7, 0.4), q=0.9, replicated="", held=None, again=None,
    parties=60, events=12, expected=10.2, value=61_000.0, window=6, median_months=2.0, needed=694,
)  # fmt: skip
ALIKE = Association(
    term="topic:support", kind="topic", name={}, language="", tone="positive", outcome="left", verdict="none",
    ratio=Ratio(1.02, 0.95, 1.09, 0.5), q=0.9, replicated="", held=None, again=None,
    parties=800, events=210, expected=206.0, value=None, window=6, median_months=3.0, needed=0,
)  # fmt: skip
FEW = Association(
    term="topic:returns", kind="topic", name={}, language="", tone="neutral", outcome="left", verdict="unknown",
    ratio=None, q=None, replicated="", held=None, again=None,
    parties=4, events=0, expected=0.4, value=None, window=6, median_months=None, needed=900,
)  # fmt: skip
LOOKED = Looked(
    "left", made_of=("churn", "parties.ended_at"), associations=(STANDS, WORD, YET, ALIKE, FEW), left=3967, tested=355, below=4090,
    inflation=1.26, unit="both", strata=("segment", "plan", "tenure"), parties=2164, events=455, first=date(2025, 5, 1), last=date(2026, 10, 1),
    notes=("inflated",),
)  # fmt: skip
