"""The names of the topics and reasons that ship, and what each reason means, in English; the catalogues have them in the other languages."""

from collections.abc import Mapping

from gensvar.contracts.topics import Taxonomy
from gensvar.kit.language import phrase
from gensvar.serve.web.words import Words

TOPIC_NAMES: Mapping[str, str] = {
    "delivery": phrase("Delivery"),
    "delivery.late": phrase("Late delivery"),
    "delivery.damaged": phrase("Damaged on the way"),
    "delivery.missing": phrase("Never arrived"),
    "delivery.tracking": phrase("Tracking the parcel"),
    "delivery.courier": phrase("The courier"),
    "quality": phrase("Product quality"),
    "quality.defect": phrase("Faulty product"),
    "quality.durability": phrase("How long it lasts"),
    "quality.as_described": phrase("As described"),
    "quality.packaging": phrase("Packaging"),
    "price": phrase("Price and value"),
    "price.fees": phrase("Fees"),
    "price.discount": phrase("Discounts"),
    "price.increase": phrase("Price increases"),
    "billing": phrase("Billing"),
    "billing.wrong": phrase("Wrong invoice"),
    "billing.payment": phrase("Paying"),
    "billing.refund": phrase("Refunds"),
    "returns": phrase("Returns"),
    "returns.process": phrase("How returning works"),
    "returns.exchange": phrase("Exchanges"),
    "returns.warranty": phrase("Warranty"),
    "support": phrase("Customer service"),
    "support.waiting": phrase("Waiting for an answer"),
    "support.reach": phrase("Reaching a person"),
    "support.solving": phrase("Getting it solved"),
    "support.repeat": phrase("Having to repeat oneself"),
    "staff": phrase("Staff"),
    "staff.manner": phrase("Friendliness"),
    "staff.competence": phrase("Knowledge of staff"),
    "usability": phrase("Ease of use"),
    "usability.navigation": phrase("Finding one’s way"),
    "usability.design": phrase("Looks"),
    "usability.checkout": phrase("Checkout"),
    "reliability": phrase("Reliability"),
    "reliability.crash": phrase("Crashes and errors"),
    "reliability.outage": phrase("Outages"),
    "reliability.slow": phrase("Slowness"),
    "reliability.update": phrase("After an update"),
    "account": phrase("Customer account"),
    "account.login": phrase("Signing in"),
    "account.profile": phrase("One’s own details"),
    "features": phrase("Features"),
    "features.missing": phrase("Missing features"),
    "features.integration": phrase("Works with other tools"),
    "features.reports": phrase("Reports and exports"),
    "information": phrase("Information"),
    "information.unclear": phrase("Unclear information"),
    "information.wrong": phrase("Wrong information"),
    "information.missing": phrase("Missing information"),
    "information.language": phrase("In one’s own language"),
    "onboarding": phrase("Getting started"),
    "onboarding.setup": phrase("Setting up"),
    "onboarding.training": phrase("Training and guides"),
    "booking": phrase("Booking"),
    "booking.appointment": phrase("Getting an appointment"),
    "booking.change": phrase("Changing a booking"),
    "booking.tickets": phrase("Tickets"),
    "selection": phrase("Selection"),
    "selection.stock": phrase("Out of stock"),
    "premises": phrase("Premises"),
    "premises.clean": phrase("Cleanliness"),
    "premises.comfort": phrase("Comfort"),
    "premises.access": phrase("Getting in and around"),
    "food": phrase("Food and drink"),
    "food.taste": phrase("Taste"),
    "food.menu": phrase("Menu"),
    "trip": phrase("Journey"),
    "trip.delay": phrase("Delays"),
    "trip.cancelled": phrase("Cancelled departures"),
    "trip.connection": phrase("Connections"),
    "trip.luggage": phrase("Luggage"),
    "waiting": phrase("Queues and waiting on site"),
    "safety": phrase("Safety"),
    "safety.fraud": phrase("Fraud"),
    "safety.privacy": phrase("Privacy"),
    "safety.harm": phrase("Risk of harm"),
    "sustainability": phrase("Sustainability"),
    "sustainability.packaging": phrase("Too much packaging"),
    "sustainability.climate": phrase("Climate"),
    "sustainability.ethics": phrase("Ethics"),
    "trust": phrase("Trust"),
    "trust.promise": phrase("Broken promises"),
    "trust.marketing": phrase("Marketing"),
    "trust.loyalty": phrase("Loyalty rewards"),
    "contract": phrase("Contract with us"),
    "contract.terms": phrase("Terms"),
    "contract.cancel": phrase("Cancelling"),
    "contract.renewal": phrase("Renewal"),
    "outcome": phrase("The result"),
    "work.load": phrase("Workload"),
    "work.load.stress": phrase("Stress at work"),
    "work.manager": phrase("My manager"),
    "work.manager.feedback": phrase("Feedback from my manager"),
    "work.leadership": phrase("Leadership"),
    "work.colleagues": phrase("Team and colleagues"),
    "work.growth": phrase("Growth and learning"),
    "work.pay": phrase("Pay and benefits"),
    "work.tools": phrase("Tools at work"),
    "work.tools.it": phrase("Computers and systems"),
    "work.place": phrase("Workplace"),
    "work.balance": phrase("Work and life"),
    "work.balance.schedule": phrase("Schedules"),
    "work.recognition": phrase("Recognition"),
    "work.inclusion": phrase("Inclusion"),
    "work.purpose": phrase("Meaning of the work"),
    "work.communication": phrase("Internal communication"),
    "work.communication.change": phrase("Changes at work"),
    "work.customers": phrase("Working with customers"),
}
REASONS: Mapping[str, tuple[str, str]] = {
    "intent.help": (phrase("Wants help"), phrase("asks for help with something, now")),
    "intent.improvement": (phrase("Suggests something"), phrase("says what could be better, and how")),
    "intent.complaint": (phrase("Complains"), phrase("is displeased and wants it known")),
    "intent.praise": (phrase("Praises"), phrase("is pleased and says so")),
    "intent.cancellation": (phrase("Wants to leave"), phrase("cancels, or says it will")),
    "intent.other": (phrase("Only tells"), phrase("wants nothing that can be told")),
    "emotion.anger": (phrase("Anger"), phrase("is angry")),
    "emotion.disappointment": (phrase("Disappointment"), phrase("had hoped for more")),
    "emotion.worry": (phrase("Worry"), phrase("is worried about what comes")),
    "emotion.confusion": (phrase("Confusion"), phrase("does not understand what to make of it")),
    "emotion.joy": (phrase("Joy"), phrase("is happy")),
    "emotion.gratitude": (phrase("Gratitude"), phrase("says thank you and means it")),
    "emotion.relief": (phrase("Relief"), phrase("had feared worse")),
    "cause.unclear_information": (phrase("Unclear what was said"), phrase("could not find out what applied")),
    "cause.missing_functionality": (phrase("Something could not be done"), phrase("needed a function that is not there")),
    "cause.technical_obstacle": (phrase("Technical obstacle"), phrase("an error or a crash stood in the way")),
    "cause.unsure_next_step": (phrase("Unsure of the next step"), phrase("did not know what to do next")),
    "cause.unclear_instructions": (phrase("Unclear instructions"), phrase("had to guess what was asked")),
    "cause.superfluous_steps": (phrase("Needless steps"), phrase("had to do the same more than once, or more than needed")),
    "cause.left_to_user": (phrase("Too much left to oneself"), phrase("had to find out and arrange everything alone")),
    "mark.urgent": (phrase("Urgent"), phrase("cannot wait")),
    "mark.need": (phrase("Unmet need"), phrase("misses something that is needed")),
    "mark.expectation": (phrase("Expectation"), phrase("says what was expected")),
    "mark.suggestion": (phrase("Suggestion"), phrase("holds a suggestion in so many words")),
}
"""Reason → what it is called, and what a text with it does."""
ABOUT = {"customers": phrase("Topics of customers"), "employees": phrase("Topics of employees")}


def topic_name(taxonomy: Taxonomy, name: str, words: Words) -> str:
    """What a topic is called: as its owner says, else as it ships, else its id."""
    topic = taxonomy.topics.get(name)
    own = topic.name if topic else {}
    if own:
        return own.get(words.language) or own.get("en") or next(iter(own.values()))
    return words(TOPIC_NAMES[name]) if name in TOPIC_NAMES else name


def reason_name(name: str, words: Words) -> str:
    """What a reason is called; its id where this release does not know it."""
    return words(REASONS[name][0]) if name in REASONS else name


def topic_names(taxonomy: Taxonomy, words: Words) -> dict[str, str]:
    """Every topic in force with its name, by name; a part behind the topic that it is part of."""
    named = {t.id: topic_name(taxonomy, t.id, words) for t in taxonomy}
    full = {t.id: f"{named[t.parent]}: {named[t.id]}" if t.parent in named else named[t.id] for t in taxonomy}
    return dict(sorted(full.items(), key=lambda pair: pair[1].casefold()))
