"""Which addresses a webhook may lead to."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from predictions.delivering.addresses import complaint, is_public

PRIVATE = [
    ipaddress.ip_network(each)
    for each in ("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                 "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4")
]  # fmt: skip


@pytest.fixture
def closed(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = False


@given(st.sampled_from(PRIVATE).flatmap(lambda net: st.ip_addresses(network=net)))
def test_no_private_address_is_public_in_any_disguise(address: ipaddress.IPv4Address) -> None:
    number = int(address)
    disguises = [
        ipaddress.IPv6Address(0xFFFF << 32 | number),
        ipaddress.IPv6Address(0x64FF9B << 96 | number),
        ipaddress.IPv6Address(0x2002 << 112 | number << 80),
    ]
    assert not is_public(address)
    assert not any(is_public(each) for each in disguises)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


@given(st.text(max_size=60))
def test_whatever_is_typed_is_answered_in_words_or_taken(text: str) -> None:
    assert isinstance(complaint(text), str)
    assert isinstance(complaint(f"https://{text}/"), str)


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.org",
        "https://hooks.example.org:8443/a/b?c=d",
        "https://1.1.1.1/",
        "https://[2606:4700::1]/",
    ],
)
def test_what_leads_outside_by_https_is_taken(url: str) -> None:
    assert complaint(url) == ""


@pytest.mark.usefixtures("closed")
@pytest.mark.parametrize("url", ["https://2130706433.local/", "https://printer.local/", "https://db.internal/x"])
def test_names_of_the_inside_are_not(url: str) -> None:
    assert "own network" in complaint(url)


def test_where_it_is_allowed_local_addresses_are_taken(settings: Settings) -> None:
    settings.WEBHOOKS_MAY_BE_LOCAL = True
    assert complaint("http://127.0.0.1:9000/") == ""
    assert complaint("ftp://127.0.0.1/") != ""
