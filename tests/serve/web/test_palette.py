"""Colours: every pair that is read or seen has the contrast that WCAG 2.2 asks for, in light and in dark."""

import pytest

from gensvar.serve.web.palette import DARK, LIGHT, MODES, SHAPE_PAIRS, TEXT_PAIRS, chart_theme, style_sheet


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(a: str, b: str) -> float:
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_known_pairs() -> None:
    """WCAG 2.2: black on white is 21 : 1; #777777 on white is 4.48 : 1 (WebAIM's checker)."""
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pair", TEXT_PAIRS, ids="-on-".join)
def test_text_can_be_read(mode: str, pair: tuple[str, str]) -> None:
    colours, _ = MODES[mode]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 4.5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("pair", SHAPE_PAIRS, ids="-on-".join)
def test_shapes_can_be_seen(mode: str, pair: tuple[str, str]) -> None:
    colours, _ = MODES[mode]
    assert contrast(colours[pair[0]], colours[pair[1]]) >= 3


@pytest.mark.parametrize("mode", MODES)
def test_segments_can_be_seen_and_written_in(mode: str) -> None:
    colours, segments = MODES[mode]
    assert len(set(segments)) == 8
    assert all(contrast(s, colours["sheet"]) >= 4.5 for s in segments)


def simulated(colour: str) -> tuple[float, float]:
    """How red-green blindness sees it: the mean of red and green, and blue."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return 0.567 * red + 0.433 * green, 0.95 * blue


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_better_and_worse_differ_without_red_and_green(colours: dict[str, str]) -> None:
    (a, b), (c, d) = simulated(colours["better"]), simulated(colours["worse"])
    assert abs(a - c) + abs(b - d) > 120


def test_light_and_dark_name_the_same_colours_and_the_sheet_declares_them() -> None:
    assert LIGHT.keys() == DARK.keys()
    sheet = style_sheet()
    assert all(f"--{name}:{value};" in sheet for colours in (LIGHT, DARK) for name, value in colours.items())
    assert chart_theme("light")["style"].keys() == chart_theme("dark")["style"].keys()
