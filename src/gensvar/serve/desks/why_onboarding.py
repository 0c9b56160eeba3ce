"""What a reader may see of onboarding: which early behaviours and voices mark customers who succeed."""

from gensvar.explain.onboarding import Onboarding, onboarding_of
from gensvar.explaining.onboarding import KIND, Asked, onboarding
from gensvar.measure.answer import Hidden
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.why_worth import Told, found


def told(desk: HouseDesk, asked: Asked) -> Told[Onboarding] | Hidden:
    """BadInput for days or an event that cannot be meant."""
    asked = asked.checked()
    return found(desk, KIND, asked, Asked(), onboarding_of if asked == Asked() else None, lambda scope: onboarding(desk.house, asked, scope))
