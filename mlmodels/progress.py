"""Progress shown on a terminal."""

from collections.abc import Iterator
from contextlib import contextmanager

from mlmodels.problem import Progress


@contextmanager
def progress_bar(*, shown: bool) -> Iterator[Progress]:
    """A callable (fraction, phrase) that draws a bar on standard error; draws nothing where not `shown`."""
    from tqdm import tqdm

    with tqdm(total=100, unit="%", disable=not shown, bar_format="{l_bar}{bar}| {desc} [{elapsed}]") as bar:

        def report(fraction: float, phrase: str) -> None:
            bar.set_description_str(phrase, refresh=False)
            bar.update(round(fraction * 100) - bar.n)

        yield report
