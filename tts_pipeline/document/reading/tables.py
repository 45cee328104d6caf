"""Tables: cells become rows that can be heard, or a summary."""

from collections.abc import Sequence
from itertools import groupby

from tts_pipeline.document.reading.phrases import SILENT, Phrases, announcement
from tts_pipeline.model import Block, BlockKind, Group, GroupKind, Omission, Reading, Span

_Row = list[tuple[bool, tuple[Span, ...]]]
"""(whether it names a column or a row, spans) of each cell."""


def rows(
    blocks: Sequence[Block], reading: Reading, say: Phrases
) -> tuple[list[Block], list[Omission]]:
    """Each table's cells as one block a row, or as one block that sums it up."""
    kept: list[Block] = []
    omissions: list[Omission] = []
    for group, run in groupby(blocks, key=_table_of):
        members = list(run)
        if group is None:
            kept += members
            continue
        cells = [block for block in members if block.kind is BlockKind.CELL]
        kept += [block for block in members if block.kind is not BlockKind.CELL]
        table = _grid(cells)
        if not table:
            continue
        within = tuple(inner for inner in cells[0].within if inner != group)
        spoken = reading.tables == "rows" and len(cells) <= reading.table_cells
        if spoken:
            kept += _spoken(table, within, say)
            continue
        columns = max(map(len, table))
        size = f"a table of {len(table)} rows and {columns} columns"
        if reading.tables != "drop" and say.table_of:
            told = say.table_of.format(rows=len(table), columns=columns)
            header = table[0] if _is_header(table) else []
            colon = ": " if header else "."
            summary = (*announcement(told + colon), *_joined([spans for _, spans in header]))
            kept.append(Block(BlockKind.PARAGRAPH, summary, within=within))
            table = table[1:] if header else table
        omissions += [
            Omission("table", "".join(span.text for span in _joined([s for _, s in row])), size)
            for row in table
        ]
    return kept, omissions


def _table_of(block: Block) -> Group | None:
    return next((group for group in block.within if group.kind is GroupKind.TABLE), None)


def _grid(cells: Sequence[Block]) -> list[_Row]:
    """Rows of cells; what stands in several blocks of one cell is joined."""
    table: list[_Row] = []
    for _, row in groupby(cells, key=lambda cell: cell.level):
        table.append(
            [
                (parts[0].label == "header", _spaced([part.spans for part in parts]))
                for _, grouped in groupby(row, key=lambda cell: cell.ordinal)
                for parts in [list(grouped)]
            ]
        )
    return table


def _is_header(table: Sequence[_Row]) -> bool:
    return len(table) > 1 and all(names for names, _ in table[0])


def _spoken(table: Sequence[_Row], within: tuple[Group, ...], say: Phrases) -> list[Block]:
    """The header once, then each row, whose cells are told apart by their columns' names."""
    named = _is_header(table)
    names = ["".join(span.text for span in spans) for _, spans in table[0]] if named else []
    blocks = []
    for number, row in enumerate(table):
        spans = list(announcement(say.table)) if number == 0 else []
        for column, (_, cell) in enumerate(row):
            if column:
                spans.append(Span(", "))
            # The first cell says what the row is about; two columns explain themselves.
            if number and column and len(names) > 2 and column < len(names):
                spans += announcement(f"{names[column].rstrip(':')}:" if say is not SILENT else "")
            spans += cell
        blocks.append(Block(BlockKind.TABLE, tuple(spans), within=within))
    return blocks


def _joined(cells: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for place, cell in enumerate(cells):
        spans += [Span(", "), *cell] if place else cell
    return tuple(spans)


def _spaced(parts: Sequence[tuple[Span, ...]]) -> tuple[Span, ...]:
    spans: list[Span] = []
    for place, part in enumerate(parts):
        spans += [Span(" "), *part] if place else part
    return tuple(spans)
