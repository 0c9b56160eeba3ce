"""The glossary: every word of the pages that a reader may not know, explained once. Pages link to it; the reference is made from it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gensvar.kit.language import phrase
from gensvar.measure.metrics import METRICS
from gensvar.serve.web.topic_meanings import MEANINGS
from gensvar.serve.web.topic_words import REASONS, TOPIC_NAMES
from gensvar.text.labels import CUSTOMER_TOPICS, EMPLOYEE_TOPICS

PLAIN = str.maketrans("._", "--")  # an anchor has neither dots nor underscores


@dataclass(frozen=True, slots=True)
class Term:
    """id: its anchor on the page. title, says: what it is called and means, as English phrases that the catalogues know."""

    id: str
    title: str
    says: str


TERMS = (
    Term(
        "answers",
        phrase("Answers (n)"),
        phrase("How many answers a number rests on. More answers make a narrower interval; they do not make the answers better."),
    ),
    Term(
        "parts-of-a-change",
        phrase("Who answered, and what they said"),
        phrase(
            "The two parts of every change of a score: other people answer than before, or people answer otherwise. Together they are the whole "
            "change. They say what goes together, not what brought it about."
        ),
    ),
    Term(
        "interval",
        phrase("Interval, 95 %"),
        phrase(
            "A range around a number that shows how far chance alone may have moved it. Of intervals made this way, 19 in 20 hold the value that "
            "all answers of the same kind would have given. It says nothing of who did not answer."
        ),
    ),
    Term(
        "rose",
        phrase("Rose"),
        phrase("A change upwards that chance alone would seldom make. Whether up is better depends on the measure; colour and words say which."),
    ),
    Term("fell", phrase("Fell"), phrase("A change downwards that chance alone would seldom make. For effort, down is better.")),
    Term(
        "no-visible-change",
        phrase("No visible change"),
        phrase("There are enough answers to see a change that matters, and none is to be seen. Smaller changes may be there."),
    ),
    Term(
        "cannot-tell",
        phrase("Cannot tell"),
        phrase("Too little is known to say whether it changed. It is not the same as no change; the page says how many more answers it takes."),
    ),
    Term(
        "too-few",
        phrase("Too few answers"),
        phrase("Below this number of answers an interval would span about a third of the scale, so no number is shown, only how many are missing."),
    ),
    Term(
        "hidden",
        phrase("Hidden"),
        phrase(
            "So few people stand behind the number that somebody could find out what one of them answered. Groups of employees are never shown "
            "below five, and sometimes a neighbouring group is hidden too, so that nobody can subtract their way to it."
        ),
    ),
    Term(
        "not-comparable",
        phrase("Not comparable"),
        phrase("The question, its scale or its cut was changed between. Two versions are never drawn as one line nor compared."),
    ),
    Term(
        "adjusted",
        phrase("Adjusted for many comparisons"),
        phrase(
            "Whoever compares twenty things finds one change by chance alone. The more comparisons a page makes, the more each must show before it "
            "is named (Benjamini–Hochberg)."
        ),
    ),
    Term(
        "version",
        phrase("Version of a definition"),
        phrase("What was asked, on which scale and where the line for good was drawn. Another wording is another version, and starts a new line."),
    ),
    Term(
        "cut",
        phrase("Cut"),
        phrase("The lowest score that counts as good, for measures that are the share of good scores."),
    ),
    Term(
        "not-stated",
        phrase("Not stated"),
        phrase("The answer came without this detail, as a rating without a market. It counts in the whole and in no named group."),
    ),
    Term(
        "journey",
        phrase("Journey"),
        phrase("Steps that people take towards something, as to pay or to book. The last step finishes it; nobody is held to the order."),
    ),
    Term(
        "errand",
        phrase("Errand"),
        phrase(
            "One time that somebody set out on a journey, whatever the pauses, devices and channels. It is over when it is finished, or after a long "
            "silence; before that it is not counted as lost."
        ),
    ),
    Term(
        "friction",
        phrase("Friction"),
        phrase(
            "A weight of how much a step costs: customers lost × the share that is lost beyond the step that loses least × how hard they say it is. "
            "Its place among the others has an interval of its own."
        ),
    ),
    Term(
        "set-aside",
        phrase("Set aside"),
        phrase("A row that came in but could not be understood. It is kept, with the reason, until somebody repairs or discards it."),
    ),
    Term(
        "impact",
        phrase("Impact of a topic"),
        phrase(
            "How much of the distance between a score and its baseline comes with the answers that speak of a topic, beside the other topics and "
            "among people alike. The parts of all topics and the baseline add up to the score. It is what goes with the topic, not what it causes."
        ),
    ),
    Term(
        "times-as-often",
        phrase("Times as often"),
        phrase(
            "How often something comes to those who said it, divided by how often it comes to others who wrote in the same tone at the same time: "
            "1 is equally often, 2 twice as often. A statistician calls it a hazard ratio."
        ),
    ),
    Term(
        "seen-again",
        phrase("Seen again"),
        phrase(
            "Found in one half of the customers and then in the other half, which had not been looked at. Among thousands of words some stand out by "
            "chance; chance seldom picks the same one twice."
        ),
    ),
    Term("silent", phrase("Silent"), phrase("A source that has sent nothing for longer than is usual for it. Its numbers may be out of date.")),
    Term(
        "state",
        phrase("State of the tables"),
        phrase("A number that rises whenever an answer may have changed. Two pages with the same state show the same numbers."),
    ),
    Term(
        "annotation",
        phrase("Annotation"),
        phrase("What somebody noted on a day, drawn on the trend. That a line turns there does not prove that it was the cause."),
    ),
    Term("scope", phrase("What is yours to see"), phrase("The markets, units and groups that an administrator has opened to you.")),
    Term(
        "driver-weight",
        phrase("Weight of a driver"),
        phrase(
            "How large a part of what the drivers together explain goes with this one, averaged over every order in which they may be taken. "
            "It is no effect: who changes the driver cannot count on the outcome to follow."
        ),
    ),
    Term(
        "halo",
        phrase("Halo"),
        phrase("Answers that all lean on one mood, whatever was asked. Then the order of drivers says little."),
    ),
    Term(
        "landmark",
        phrase("Early sign"),
        phrase("What a new customer did or said before a fixed day, the landmark. Later things do not count: whoever stays does more of everything."),
    ),
    Term(
        "ecological-fallacy",
        phrase("Ecological fallacy"),
        phrase("To conclude from groups to people: that units fare well together does not say which people in them do."),
    ),
)
"""Words beside the metrics, in the order in which a reader meets them."""

VERDICTS: Mapping[str, str] = {
    "rose": "rose", "fell": "fell", "no visible change": "no-visible-change", "cannot tell": "cannot-tell", "TooFew": "too-few",
    "Hidden": "hidden", "NotComparable": "not-comparable",
}  # fmt: skip
"""What an answer can say instead of, or of, a number → its term."""

SHORT: Mapping[str, str] = {"nps": "NPS", "enps": "eNPS", "csat": "CSAT", "ces5": "CES 1–5", "ces7": "CES 1–7", "gcr": "GCR"}
"""What a metric is called for short, where it has such a name; the same in every language."""

METRIC_SAYS: Mapping[str, str] = {
    "nps": phrase(
        "Net Promoter Score: how likely would you recommend us, 0–10? The share who say 9 or 10 less the share who say 0 to 6, from −100 to 100. "
        "It moves a lot by chance: look at the interval."
    ),
    "enps": phrase("The same question asked of employees about their workplace. From −100 to 100, and never for a group of fewer than five."),
    "csat": phrase("Customer satisfaction: the share of answers at the cut or above, mostly 4 and 5 of 5."),
    "ces5": phrase("Customer effort: how much effort it took, 1–5. The mean; low is easy."),
    "ces7": phrase("Customer effort as agreement that it was easy, 1–7. The share who answer 5, 6 or 7."),
    "gcr": phrase("Goal completion rate: the share who say that they could do what they came for."),
    "stars": phrase("The mean number of stars that people gave."),
    "scale": phrase("The mean of the scores on the measure’s own scale."),
}


def metric_terms() -> Iterator[Term]:
    """One for each metric."""
    for metric in METRICS.values():
        yield Term(metric.name, metric.title, METRIC_SAYS[metric.name])


def topic_terms(about: str) -> Iterator[Term]:
    """One for each topic that ships of those whom it is about: customers or employees."""
    for name in EMPLOYEE_TOPICS if about == "employees" else CUSTOMER_TOPICS:
        yield Term(f"topic-{name.translate(PLAIN)}", TOPIC_NAMES[name], MEANINGS[name])


def reason_terms() -> Iterator[Term]:
    """One for each reason: what a text wants, feels, points at, and what stood in its writer's way."""
    for name, (title, says) in REASONS.items():
        yield Term(name.translate(PLAIN), title, says)


def glossary() -> tuple[Term, ...]:
    """Every term: words first, then metrics, topics and reasons."""
    return (*TERMS, *metric_terms(), *topic_terms("customers"), *topic_terms("employees"), *reason_terms())
