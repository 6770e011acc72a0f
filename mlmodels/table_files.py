"""A data set's table on disk: parquet, or gzipped CSV where parquet can't hold it or nothing can write it here."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from mlmodels.errors import TableUnreadable

if TYPE_CHECKING:
    import pandas as pd

log = structlog.get_logger(__name__)

PARQUET, CSV = "data.parquet", "data.csv.gz"

_MISSING = r"\N"
"""What stands in CSV for a value that is not there: an empty cell is an empty text."""

_REFUSED = (ImportError, NotImplementedError, TypeError, ValueError)
"""What pandas and pyarrow raise where pyarrow is missing or knows no type for a column."""


def write_table(frame: pd.DataFrame, folder: Path) -> Path:
    """Write a table into a folder of its own and say where; equal tables make equal bytes.

    Raises TypeError for a column of objects that are neither parquet's nor JSON's.
    """
    path = folder / PARQUET
    try:
        frame.to_parquet(path, index=False, compression="zstd")
    except _REFUSED as error:
        log.warning("parquet_refused", folder=folder.name, error=f"{type(error).__name__}: {error}")
        path.unlink(missing_ok=True)
        path = folder / CSV
        # Without the time of writing in the gzip header, so that one content has one hash.
        _in_text(frame).to_csv(path, index=False, na_rep=_MISSING, compression={"method": "gzip", "mtime": 0})
    return path


def table_file(folder: Path) -> Path | None:
    """The file in which a folder keeps its table; None where there is none."""
    return next((folder / name for name in (PARQUET, CSV) if (folder / name).is_file()), None)


def read_table(
    folder: Path, schema: Sequence[Mapping[str, str]], *, columns: Collection[str] | None = None
) -> pd.DataFrame:
    """The table as it was written, or those of some columns that it has, in its own order.

    schema: {"name", "dtype"} of each column, by which CSV is read. Raises TableUnreadable.
    """
    path = table_file(folder)
    if path is None:
        raise TableUnreadable(f"The data set's table is gone: there is neither {PARQUET} nor {CSV} in {folder.name}.")
    try:
        return _read_parquet(path, columns) if path.name == PARQUET else _read_csv(path, schema, columns)
    except (OSError, KeyError, *_REFUSED) as error:
        raise TableUnreadable(f"{path.name} of {folder.name} can't be read ({type(error).__name__}).") from error


def _read_parquet(path: Path, columns: Collection[str] | None) -> pd.DataFrame:
    import pandas as pd
    from pyarrow import parquet

    if columns is None:
        return pd.read_parquet(path)
    return pd.read_parquet(path, columns=[name for name in parquet.read_schema(path).names if name in columns])


def _read_csv(path: Path, schema: Sequence[Mapping[str, str]], columns: Collection[str] | None) -> pd.DataFrame:
    import pandas as pd

    dtypes = {each["name"]: each["dtype"] for each in schema if columns is None or each["name"] in columns}
    frame = pd.read_csv(
        path,
        usecols=list(dtypes),
        dtype={name: _dtype_in_text(dtype) for name, dtype in dtypes.items()},
        na_values=[_MISSING],
        keep_default_na=False,
    )
    return frame.assign(**{name: _restored(frame[name], dtype) for name, dtype in dtypes.items()})


def _in_text(frame: pd.DataFrame) -> pd.DataFrame:
    """The table with its objects as JSON."""
    objects = [name for name in frame if frame[name].dtype == object]
    return frame.assign(**{str(name): frame[name].map(json.dumps, na_action="ignore") for name in objects})


def _dtype_in_text(dtype: str) -> str:
    return "str" if dtype == "object" or dtype.startswith("datetime64") else dtype


def _restored(column: Any, dtype: str) -> Any:
    import pandas as pd

    if dtype.startswith("datetime64"):
        return pd.to_datetime(column, format="ISO8601", utc="," in dtype).astype(dtype)
    if dtype == "object":
        return column.astype(object).map(json.loads, na_action="ignore")
    return column
