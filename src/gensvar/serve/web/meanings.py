"""What the agreed words mean: kinds of interaction, audiences and dimensions, as phrases that the catalogues know."""

from collections.abc import Mapping

from gensvar.kit.language import phrase

KINDS: Mapping[str, tuple[str, str]] = {
    "survey": (phrase("survey answer"), phrase("Answered because we asked.")),
    "review": (phrase("review"), phrase("Written in public, on a site or in an app store.")),
    "complaint": (phrase("complaint"), phrase("Something went wrong, and the writer wants it put right.")),
    "praise": (phrase("praise"), phrase("Something went well, said unasked.")),
    "question": (phrase("question"), phrase("The writer wants to know something.")),
    "request": (phrase("request"), phrase("The writer wants something that is not there yet, or wants it done.")),
    "return": (phrase("return"), phrase("Goods came back, with a reason.")),
    "cancellation": (phrase("cancellation"), phrase("The writer ends, or wants to end, a relation or an errand.")),
    "call": (phrase("call"), phrase("What was noted of a talk by phone.")),
    "chat": (phrase("chat"), phrase("A talk in writing, with a person or a machine.")),
    "ticket": (phrase("support errand"), phrase("An errand with support whose kind its source does not tell.")),
    "pulse": (phrase("pulse answer"), phrase("A short survey that comes back at set times.")),
    "idea": (phrase("idea"), phrase("A suggestion of something new or better.")),
    "other": (phrase("other"), phrase("Everything that is none of these.")),
}
"""Kind → what it is called, and what it means."""

AUDIENCES: Mapping[str, tuple[str, str]] = {
    "customer": (phrase("Customers"), phrase("People and organisations that buy from us or use what we make.")),
    "employee": (phrase("Employees"), phrase("Those who work here. Their answers are never shown for a group of fewer than five.")),
    "partner": (phrase("Partners"), phrase("Those we sell, build or deliver with.")),
    "owner": (phrase("Owners"), phrase("Those who own the organisation, or decide for those who do.")),
    "public": (phrase("The public"), phrase("Anybody who speaks of us in public, known to us or not.")),
}
"""Audience → what it is called, and who that is."""

DIMENSIONS: Mapping[str, str] = {
    "market": phrase("The country, or another market, that it concerns."),
    "segment": phrase("The group of customers, as the organisation divides them."),
    "channel": phrase("Where it happened or was said: app, web, phone, shop."),
    "journey": phrase("The errand that it belongs to: starting, paying, returning."),
    "touchpoint": phrase("The point of contact that it concerns: delivery, invoice, support."),
    "product": phrase("The product or service that it concerns."),
    "unit": phrase("The part of the organisation that answers for it."),
}
"""Dimension → what it tells."""
