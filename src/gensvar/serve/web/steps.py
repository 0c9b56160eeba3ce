"""What to do next when something went wrong, by kind, in the reader's language; the error's own words are English and say it exactly."""

from collections.abc import Mapping

from gensvar.kit.language import phrase

STEPS: Mapping[int, str] = {
    401: phrase("Sign in, and you come back to where you were going."),
    403: phrase("An administrator can give you this right. Until then, the rooms that are open to you are in the list."),
    404: phrase("Check the address, or go on from one of the rooms."),
    409: phrase("Load the page again to see how things stand, then do it once more if it is still needed."),
    413: phrase("Send less at a time."),
    422: phrase("Correct what is named below, and try again."),
    429: phrase("Wait a moment, then try again."),
    501: phrase("This house’s engine cannot do this. Ask whoever runs Gensvar."),
    503: phrase("Wait a moment, then load the page again."),
    507: phrase("Tell whoever runs Gensvar that the disk is full. What was accepted is safe."),
}
OTHERWISE = phrase("Try again. If it happens again, tell whoever runs Gensvar what it says below.")


def step(status: int) -> str:
    """The next step after an error of this HTTP status, untranslated."""
    return STEPS.get(status, OTHERWISE)
