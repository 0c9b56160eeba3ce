"""What the operations on onboarding, feature value, employees and customers take and give."""

from typing import Any

import msgspec

from gensvar.explain.units import ECOLOGICAL
from gensvar.explaining import features, onboarding, units
from gensvar.measure.answer import Hidden
from gensvar.serve.desk import HouseDesk
from gensvar.serve.desks import why_features, why_onboarding, why_units


class OnboardingOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """success: an event, stays (still a customer), or empty: what the data hold. window: days whose behaviour counts; within: days until success."""

    success: str = ""
    window: int = 30
    within: int = 120


class FeaturesOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """use: days of use. after: days that follow. measure: whose score is satisfaction; empty: the most answered. feature: one, as name/step."""

    use: int = 90
    after: int = 90
    measure: str = ""
    feature: str = ""


class UnitsOf(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """employees, customers: measures; empty: those that share most units. dimension: what a unit is; empty: the one of which both name most."""

    employees: str = ""
    customers: str = ""
    dimension: str = ""


def onboarded(desk: HouseDesk, p: OnboardingOf) -> dict[str, Any]:
    """The early signs, those that stand first; or state hidden."""
    return _given(why_onboarding.told(desk, onboarding.Asked(p.success, p.window, p.within)))


def valued(desk: HouseDesk, p: FeaturesOf) -> dict[str, Any]:
    """The features with what they go with, those that stand first; or state hidden."""
    return _given(why_features.told(desk, features.Asked(p.use, p.after, p.measure, p.feature)))


def linked(desk: HouseDesk, p: UnitsOf) -> dict[str, Any]:
    """Each lag with its correlation within units, and the warning that goes with it."""
    return {**_given(why_units.told(desk, units.Asked(p.employees, p.customers, p.dimension))), "warning": ECOLOGICAL}


def _given(told: Any) -> dict[str, Any]:
    if isinstance(told, Hidden):
        return {"state": "hidden", "why": told.why}
    return {"state": "told", "made_at": told.made_at, **msgspec.to_builtins(told.value)}
