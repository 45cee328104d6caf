"""Where in a table the walk is, and which tables hold no data."""

from dataclasses import dataclass

from selectolax.lexbor import LexborNode

_LONG_CELL = 1000
"""Characters; a longer cell holds an article, not a datum."""


@dataclass
class Cursor:
    """The row and column of the cell that comes next."""

    row: int = -1
    column: int = -1

    def next_row(self) -> None:
        """A row begins."""
        self.row += 1
        self.column = -1

    def next_cell(self) -> tuple[int, int]:
        """(row, column) of the cell that begins."""
        self.column += 1
        return max(self.row, 0), self.column


def layout(body: LexborNode) -> frozenset[int]:
    """Tables that lay a page out: their cells are text like any other."""
    return frozenset(
        table.mem_id
        for table in body.css("table")
        if (table.attributes.get("role") or "") in ("presentation", "none")
        or table.css_first("h1, h2, h3, h4, h5, h6, blockquote, pre, article, table table")
        is not None
        or any(len(cell.text(deep=True) or "") > _LONG_CELL for cell in table.css("td"))
        or not any(len(row.css("td, th")) > 1 for row in table.css("tr"))
    )
