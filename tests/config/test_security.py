"""What every answer carries, and what our own pages never contain."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

TEMPLATES = sorted((Path(settings.BASE_DIR) / "templates").rglob("*.html"))


def directives(policy: str) -> set[str]:
    return {directive.strip() for directive in policy.split(";")}


def test_every_page_carries_the_strict_policy(client: Client, db: None) -> None:
    policy = client.get("/accounts/login/").headers["Content-Security-Policy"]
    assert {"script-src 'self'", "style-src 'self'", "default-src 'none'"} <= directives(policy)
    assert "unsafe" not in policy
    assert "http" not in policy


def test_the_admin_carries_it_too(client: Client, staff: object) -> None:
    client.force_login(staff)  # type: ignore[arg-type]  # the cast's user
    assert "script-src 'self'" in directives(client.get("/admin/").headers["Content-Security-Policy"])


def test_pages_are_not_framed_and_not_sniffed(client: Client, db: None) -> None:
    headers = client.get("/accounts/login/").headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(settings.BASE_DIR)))
def test_a_template_has_nothing_inline_and_nothing_from_elsewhere(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"\sstyle\s*=", text), "a style attribute is blocked by the policy"
    assert not re.search(r"<style\b", text), "a style element is blocked by the policy"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an inline handler is blocked by the policy"
    assert not re.search(r"<script\b(?![^>]*\bsrc=)", text), "an inline script is blocked by the policy"
    assert not re.search(r"\b(?:src|srcset)=[\"'](?:https?:)?//", text), "nothing is loaded from elsewhere"
    assert not re.search(r"\bhx-(?:on|vals=[\"']js:)", text), "htmx may not evaluate scripts"
