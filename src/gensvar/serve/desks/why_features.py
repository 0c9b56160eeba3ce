"""What a reader may see of feature value: which features go with what follows."""

from gensvar.explain.features import Features, features_of
from gensvar.explaining.features import KIND, Asked, features
from gensvar.measure.answer import Hidden
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks.why_worth import Told, found


def told(desk: HouseDesk, asked: Asked) -> Told[Features] | Hidden:
    """BadInput for days that cannot be meant, NotFound for a feature or a measure that there is not."""
    asked = asked.checked()
    usual, read = Asked(feature=asked.feature), features_of if asked == Asked() else None
    return found(desk, KIND, asked, usual, read, lambda scope: features(desk.house, asked, scope))
