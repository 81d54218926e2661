"""Contacts: read what people type, fold it for comparison (rule 2)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.enums import ContactKind
from hub.exceptions import InvalidInput
from hub.integrations.contacts import fold, parse_contact


@pytest.mark.parametrize(
    ("typed", "value", "key"),
    [
        ("mina@example.com", "mina@example.com", "mina@example.com"),
        ("  Mina@Example.COM ", "Mina@example.com", "mina@example.com"),
        ("ｍｉｎａ＠ｅｘａｍｐｌｅ．ｃｏｍ", "mina@example.com", "mina@example.com"),
        ("王伟@例子.中国", "王伟@例子.中国", "王伟@例子.中国"),
        ("MÜLLER@example.com", "MÜLLER@example.com", "müller@example.com"),
    ],
)
def test_mail_addresses_are_read_and_folded(typed, value, key):
    contact = parse_contact(typed)
    assert (contact.kind, contact.value, contact.key) == (ContactKind.EMAIL, value, key)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("13812345678", "+8613812345678"),
        ("138 1234 5678", "+8613812345678"),
        ("138-1234-5678", "+8613812345678"),
        ("１３８１２３４５６７８", "+8613812345678"),
        ("+86 13812345678", "+8613812345678"),
        ("008613812345678", "+8613812345678"),
        ("0571-8822 3344", "+8657188223344"),
        ("+254 712 345678", "+254712345678"),
        ("+1 (415) 555-2671", "+14155552671"),
    ],
)
def test_phone_numbers_are_read_in_every_spelling(typed, value):
    contact = parse_contact(typed)
    assert (contact.kind, contact.value, contact.key) == (ContactKind.PHONE, value, value)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "mina",
        "mina@",
        "@example.com",
        "mina@example",
        "mina@@example.com",
        "mina example@example.com",
        "mina@example.com\nBcc: all@example.com",
        "a@b.c, d@e.f",
        "12345",
        "12345678901",
        "+86 138",
        "٠",
        "\x00",
        "x" * 300 + "@example.com",
    ],
)
def test_what_is_no_contact_is_refused_with_words(typed):
    with pytest.raises(InvalidInput) as refused:
        parse_contact(typed)
    assert refused.value.field == "contact"


@given(st.text(max_size=60))
def test_any_text_is_a_contact_or_is_refused(typed):
    try:
        contact = parse_contact(typed)
    except InvalidInput:
        return
    assert contact.value
    assert contact.key == fold(contact.value) or contact.kind is ContactKind.PHONE
    assert len(contact.value) <= 254
    assert len(contact.key) <= 254


@given(st.emails())
def test_rule_02_a_contact_read_again_is_the_same(address):
    try:
        contact = parse_contact(address)
    except InvalidInput:
        return  # names that are set aside, such as x@localhost
    assert parse_contact(contact.value) == contact
    assert parse_contact(contact.value.swapcase()).key == contact.key


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sampled_from(" -"))
def test_rule_02_spelling_of_a_number_does_not_matter(number, gap):
    try:
        contact = parse_contact(number)
    except InvalidInput:
        return  # a range that is not given out
    spaced = gap.join((number[:3], number[3:7], number[7:]))
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number)
    for spelling in (spaced, wide, f"+86{number}", f" 0086 {spaced} "):
        assert parse_contact(spelling) == contact


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=0x7E, min_codepoint=0x21), max_size=40))
def test_rule_02_case_and_width_are_folded(text):
    wide = "".join(chr(ord(c) + 0xFEE0) for c in text)
    assert fold(text.upper()) == fold(text.lower()) == fold(wide) == text.lower()


@pytest.mark.parametrize(("one", "other"), [("Straße", "STRASSE"), ("ﬁne", "FINE"), ("Å", "Å")])
def test_folding_follows_unicode(one, other):
    assert fold(one) == fold(other)
    assert unicodedata.is_normalized("NFKC", fold(one))
