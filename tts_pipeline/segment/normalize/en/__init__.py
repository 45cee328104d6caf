"""English: the rules in the order in which they are tried, the most telling forms first."""

from tts_pipeline.segment.normalize.en import (
    abbreviation,
    acronym,
    cardinal,
    dashes,
    date,
    electronic,
    emoji,
    fraction,
    measure,
    money,
    ordinal,
    roman,
    script,
    signs,
    telephone,
    time,
)

RULES = (
    *telephone.RULES,
    *date.NUMERIC,  # before anything takes their parts
    *electronic.RULES,
    *date.RULES,
    *time.RULES,
    *money.RULES,
    *measure.RULES,
    *fraction.RULES,
    *roman.RULES,
    *ordinal.RULES,
    *cardinal.RULES,
    *abbreviation.RULES,
    *acronym.RULES,
    *emoji.RULES,
    *script.RULES,
    *signs.RULES,
    *dashes.RULES,
)
