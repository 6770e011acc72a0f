"""Pictures of running pages, at a phone's and a desk's width, in light and dark.

python -m tests.e2e.screenshots --base http://127.0.0.1:8000 --out var/pictures --user you@example.org / /track-record/
(the password comes from SCREENSHOT_PASSWORD)
"""

import argparse
import os
import re
import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, Page

from tests.e2e.browser import DESKTOP, PHONE, chromium

Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")


def main() -> int:
    options = arguments()
    options.out.mkdir(parents=True, exist_ok=True)
    troubles: list[str] = []
    with chromium() as browser:
        for size, viewport in (("phone", PHONE), ("desktop", DESKTOP)):
            for theme in THEMES:
                page = open_page(browser, options, viewport, theme, troubles)
                for path in options.paths:
                    visit(page, options, path, f"{size}-{theme}", troubles)
                page.context.close()
    sys.stderr.write("".join(f"{trouble}\n" for trouble in dict.fromkeys(troubles)))
    return 1 if troubles else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--base", default="http://127.0.0.1:8000")
    parser.add_argument("--out", type=Path, default=Path("var/pictures"))
    parser.add_argument("--user", help="e-mail address to sign in with")
    parser.add_argument("paths", nargs="+")
    return parser.parse_args()


def open_page(
    browser: Browser, options: argparse.Namespace, viewport: dict[str, int], theme: Theme, troubles: list[str]
) -> Page:
    page = browser.new_page(viewport=viewport, color_scheme=theme)  # type: ignore[arg-type]  # a plain dict will do
    page.on(
        "console", lambda message: troubles.append(f"{page.url}: {message.text}") if message.type == "error" else None
    )
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    if options.user:
        page.goto(f"{options.base}/accounts/login/")
        page.fill("input[name=login]", options.user)
        page.fill("input[name=password]", os.environ["SCREENSHOT_PASSWORD"])
        page.click("main button[type=submit]")
        page.wait_for_load_state()
    return page


def visit(page: Page, options: argparse.Namespace, path: str, look: str, troubles: list[str]) -> None:
    page.goto(options.base + path)
    page.wait_for_load_state("networkidle")
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        troubles.append(f"{path} scrolls sideways ({look})")
    name = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "home"
    page.screenshot(path=str(options.out / f"{name}-{look}.png"), full_page=True)


if __name__ == "__main__":
    sys.exit(main())
