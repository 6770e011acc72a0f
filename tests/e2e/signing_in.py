"""Signing in through the form."""

import re

from playwright.sync_api import Page

from accounts.models import User

FRONT_PAGE = re.compile(r"//[^/]+/$")
PASSWORD = "correct horse battery staple"


def sign_in(page: Page, user: User) -> None:
    page.goto("/accounts/login/")
    page.fill("input[name=login]", user.email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url(FRONT_PAGE)
