"""Signed links and forms: ours, whole, for this purpose, or nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from itsdangerous import Signer

from hub.integrations.signing import (
    CODE_ALPHABET,
    form_age,
    form_stamp,
    new_code,
    new_token,
    read_ticket_token,
    ticket_token,
    token_hash,
)
from tests.databases import SECRET_KEY

OLD_KEY = "the key of last year, which was long enough as well"


@pytest.fixture
def keys(app, monkeypatch):
    def use(current: str, *fallbacks: str) -> None:
        monkeypatch.setitem(app.config, "SECRET_KEY", current)
        monkeypatch.setitem(app.config, "SECRET_KEY_FALLBACKS", list(fallbacks))

    with app.app_context():
        yield use


def test_ticket_token_opens_its_ticket(keys):
    assert read_ticket_token(ticket_token("K7MX2QPD")) == "K7MX2QPD"


def test_ticket_token_stays_the_same(keys):
    """So that the link can be sent again."""
    assert ticket_token("K7MX2QPD") == ticket_token("K7MX2QPD")


@pytest.mark.parametrize("place", range(0, 50, 7))
def test_forged_ticket_token_opens_nothing(keys, place):
    token = ticket_token("K7MX2QPD")
    place = min(place, len(token) - 2)
    changed = "A" if token[place] != "A" else "B"
    assert read_ticket_token(token[:place] + changed + token[place + 1 :]) is None


@pytest.mark.parametrize("token", ["", ".", "K7MX2QPD", "K7MX2QPD.", "é.é", "a" * 5000])
def test_what_is_no_token_opens_nothing(keys, token):
    assert read_ticket_token(token) is None


def test_token_of_another_purpose_opens_nothing(keys):
    assert read_ticket_token(form_stamp("K7MX2QPD")) is None
    assert form_age(ticket_token("K7MX2QPD"), "K7MX2QPD", 60) is None


def test_token_of_a_plain_signer_with_our_key_opens_nothing(keys):
    assert read_ticket_token(Signer(SECRET_KEY).sign("K7MX2QPD").decode()) is None


def test_old_key_opens_what_it_signed_and_signs_no_more(keys):
    keys(OLD_KEY)
    old = ticket_token("K7MX2QPD")
    keys(SECRET_KEY, OLD_KEY)
    assert read_ticket_token(old) == "K7MX2QPD"
    new = ticket_token("K7MX2QPD")
    assert new != old
    keys(SECRET_KEY)
    assert read_ticket_token(old) is None
    assert read_ticket_token(new) == "K7MX2QPD"


def test_form_stamp_tells_its_age(keys):
    age = form_age(form_stamp("SignUpForm"), "SignUpForm", 60)
    assert age is not None
    assert 0 <= age < 5


@pytest.mark.parametrize("stamp", ["", "SignUpForm", "SignUpForm.x.y"])
def test_forged_form_stamp_has_no_age(keys, stamp):
    assert form_age(stamp, "SignUpForm", 60) is None


def test_form_stamp_of_another_form_has_no_age(keys):
    assert form_age(form_stamp("OtherForm"), "SignUpForm", 60) is None


def test_form_stamp_that_is_too_old_has_no_age(keys):
    assert form_age(form_stamp("SignUpForm"), "SignUpForm", -1) is None


@given(st.integers(1, 50))
def test_codes_are_made_of_letters_that_can_be_read_aloud(count):
    codes = [new_code() for _ in range(count)]
    assert len(set(codes)) == count
    assert all(len(c) == 8 and set(c) <= set(CODE_ALPHABET) for c in codes)


def test_code_alphabet_has_no_vowels_and_no_look_alikes():
    assert not set("AEIOU01L") & set(CODE_ALPHABET) - {"L"}
    assert not set("AEIOU01") & set(CODE_ALPHABET)


def test_tokens_are_long_and_kept_as_hashes():
    token = new_token()
    assert len(token) == 32
    assert token != new_token()
    assert len(token_hash(token)) == 64
    assert token_hash(token) == token_hash(token) != token_hash(token + "x")
