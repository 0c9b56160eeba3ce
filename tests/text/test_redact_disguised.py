"""What points at a person is found in other forms too: parted by signs nobody sees, in letters and digits of other shapes, spelled out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gensvar.text.redact import Redactor, redact
from gensvar.text.redact.plain import plainly

FOUND = {
    "kim@example.org": "e-mail",
    "070-174 06 05": "phone",
    "4111 1111 1111 1111": "card",
    "811228-9874": "national id",
    "SE45 5000 0000 0583 9825 7466": "account",
    "Storgatan 14 B, 852 34 Sundsvall": "address",
}
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\xad\u202e\u2066\u2069\x00\x01\u0338\ufe0f\U000e0061\u3164"
SPELLED = (
    "kim (at) example.org", "kim[at]example[dot]org", "kim at example dot org", "kim.ek snabel-a example.org", "kim miukumauku example piste org",
    "kim at gmail.com", "kim @ gmail.com", "kim arroba example punto org", "kim {at} example.co.uk",
)  # fmt: skip
SHAPED = {
    "ｋｉｍ＠ｅｘａｍｐｌｅ．ｏｒｇ": "e-mail",
    "𝐤𝐢𝐦@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐨𝐫𝐠": "e-mail",
    "k\u0456m@ex\u0430mple.org": "e-mail",
    "٠٧٠-١٧٤ ٠٦ ٠٥": "phone",
    "۰۷۰-۱۷۴ ۰۶ ۰۵": "phone",
    "०७०-१७४ ०६ ०५": "phone",
    "０７０－１７４０６０５": "phone",
    "４１１１ １１１１ １１１１ １１１１": "card",
}
AMONG = ("اتصل بي على {} شكرا", "电话{}请回电", "โทร{}ครับ", "電話は{}です", "звоните {} пожалуйста", "קראו לי {} תודה")
STAYS = (
    "Look at example.com please", "We met at work. Dot com is over", "order @ 10.30", "a (b) c.d", "👩‍👩‍👧‍👦 bra", "Z\u0338\u0338a\u0338lgo",
    "m² och ½ kg", "I stood (at) the gate", "at what point does it end",
)  # fmt: skip


def parted(said: str, sign: str) -> list[str]:
    """With the sign between each two signs, one at a time and everywhere."""
    return [*(said[:at] + sign + said[at:] for at in range(1, len(said))), sign.join(said)]


@pytest.mark.parametrize("sign", UNSEEN, ids=ascii)
@pytest.mark.parametrize("said", FOUND)
def test_a_sign_that_nobody_sees_hides_nothing(said: str, sign: str) -> None:
    for written in parted(said, sign):
        assert redact(f"ring {written} tack") == f"ring [{FOUND[said]}] tack", ascii(written)


@pytest.mark.parametrize("said", SPELLED)
def test_an_address_spelled_out_is_one(said: str) -> None:
    assert redact(f"mail {said}, please") == "mail [e-mail], please"


@pytest.mark.parametrize("said", SHAPED)
def test_letters_and_digits_of_other_shapes(said: str) -> None:
    assert redact(f"ring {said} tack") == f"ring [{SHAPED[said]}] tack"


@pytest.mark.parametrize("around", AMONG)
def test_a_number_is_found_where_no_space_stands_beside_it(around: str) -> None:
    assert redact(around.format("070-174 06 05")) == around.format("[phone]")


@pytest.mark.parametrize("said", STAYS)
def test_what_hides_nothing_stays_as_it_is(said: str) -> None:
    assert redact(said) == said


@settings(deadline=None)
@given(st.text(st.characters() | st.sampled_from(UNSEEN + "a1@. "), max_size=40))
def test_the_way_back_leads_to_the_same_signs(text: str) -> None:
    seen, places = plainly(text)
    if places:
        assert len(places) == len(seen) + 1
        assert list(places) == sorted(set(places))
        assert places[-1] == len(text)
    else:
        assert seen == text


@settings(deadline=None)
@given(st.lists(st.sampled_from([*FOUND, *SPELLED, *SHAPED, *UNSEEN, *STAYS, " ", "\n", "[e-mail]"]), max_size=7).map("".join))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = Redactor().text(text)
    assert Redactor().text(once) == once
