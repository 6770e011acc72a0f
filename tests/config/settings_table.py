"""The table of settings in docs/operations.md, made from `.env.example`: `python -m tests.config.settings_table`."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "operations.md"
BEGIN, END = "<!-- settings: begin -->", "<!-- settings: end -->"


def table(example: str) -> str:
    """A Markdown table a section; settings that share an explanation share a row."""
    rows: list[str] = []
    names: list[str] = []
    words: list[str] = []

    def close() -> None:
        if names:
            rows.append(f"| {'<br>'.join(names)} | {' '.join(words)} |")
        names.clear()
        words.clear()

    for line in [*example.splitlines()[3:], ""]:
        setting = re.fullmatch(r"(?:# )?([A-Z][A-Z0-9_]+)=(.*)", line)
        if section := re.fullmatch(r"# ---- (.*) ----", line):
            close()
            rows += [f"\n**{section[1]}**\n", "| setting | what it is |", "|---|---|"]
        elif setting:
            names.append(f"`{setting[1]}`" + (f" = `{setting[2]}`" if setting[2] else ""))
        elif line.startswith("#"):
            if names:
                close()
            words.append(line.removeprefix("# ").replace("|", "\\|"))
        else:
            close()
    return "\n".join(rows).strip()


def with_table(page: str) -> str:
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table((ROOT / '.env.example').read_text())}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text()))
