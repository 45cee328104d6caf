"""Formulas: said as a person reads them aloud, nesting told apart, or not said at all."""

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tts_pipeline.document.latex import speak

PINNED = [
    line.split("\t")
    for line in (Path(__file__).parent / "spoken.tsv").read_text(encoding="utf-8").splitlines()
]


def test_there_are_enough_pinned_formulas() -> None:
    assert len(PINNED) >= 200


@pytest.mark.parametrize(("source", "said"), PINNED, ids=[source for source, _ in PINNED])
def test_pinned_speech(source: str, said: str) -> None:
    assert (speak(source) or "") == said


DIFFERENT = [
    (r"\frac{x+1}{y}", r"x+\frac{1}{y}"),
    (r"\frac{x+1}{y}", r"\frac{x+1}{y+1}"),
    (r"\frac{x}{y+1}", r"\frac{x}{y}+1"),
    (r"\frac{x}{y}z", r"\frac{x}{yz+1}"),
    (r"\frac{\frac{a}{b}}{c}", r"\frac{a}{\frac{b}{c}}"),
    (r"\frac{a+b}{c}", r"a+\frac{b}{c}"),
    (r"x^{n+1}", r"x^n+1"),
    (r"x^{2n}", r"x^2n"),
    (r"x^{y^z}", r"{x^y}^z"),
    (r"x^{-1+y}", r"x^{-1}+y"),
    (r"e^{-x}+1", r"e^{-x+1}"),
    (r"2^{n}m", r"2^{nmk}"),
    (r"x_{i+1}", r"x_i+1"),
    (r"x_{i_j}", r"x_{ij}"),
    (r"x_{i}^{2}", r"x_{i^2}"),
    (r"x_{ab}c", r"x_{abc}"),
    (r"\sqrt{x+1}", r"\sqrt{x}+1"),
    (r"\sqrt{\frac{a}{b}}", r"\frac{\sqrt{a}}{b}"),
    (r"\sqrt{x^2}", r"\sqrt{x}^2"),
    (r"\sqrt[3]{x}", r"\sqrt{3x}"),
    (r"(a+b)c", r"a+bc"),
    (r"(a+b)^2", r"a+b^2"),
    (r"a(b+c)", r"ab+c"),
    (r"f(x+1)", r"f(x)+1"),
    (r"f(g(x))", r"f(g)x"),
    (r"f(x)^2", r"f(x^2)"),
    (r"P(A|B)", r"P(A)|B"),
    (r"|x-y|", r"|x|-y"),
    (r"|x+1|^2", r"|x+1^2|"),
    (r"\|x-y\|", r"\|x\|-y"),
    (r"\lnot(A\land B)", r"\lnot A\land B"),
    (r"A\land(B\lor C)", r"A\land B\lor C"),
    (r"\hat{x+y}", r"\hat{x}+y"),
    (r"\overline{AB}", r"A\overline{B}"),
    (r"\sum_{i=1}^n i", r"\sum_{i=1} ni"),
    (r"\sum_{i} x_i + 1", r"\sum_{i} (x_i + 1)"),
    (r"\binom{n+1}{k}", r"n+\binom{1}{k}"),
    (r"\binom{n}{k}", r"\frac{n}{k}"),
    (r"\lim_{x\to 0} x", r"\lim_{x\to 0x}"),
    (r"[0,1)", r"[0,1]"),
    (r"\{x\}y", r"\{xy\}"),
    (r"\lfloor x+1\rfloor", r"\lfloor x\rfloor+1"),
    (r"x\Gamma", r"x\gamma"),
    (r"-x^2", r"(-x)^2"),
    (r"\frac{a}{b}c", r"\frac{a}{bc}"),
    (r"\sqrt{a}b", r"\sqrt{ab}"),
    (r"x^{a}b", r"x^{ab}"),
    (r"x_{ij}", r"x_i j"),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_stands_inside_what_is_heard(one: str, other: str) -> None:
    assert speak(one) is not None
    assert speak(one) != speak(other)


@pytest.mark.parametrize(
    "source",
    ["{" * 500_000, r"\frac" * 200_000, "^" * 100_000, "x_" * 200_000, r"\left(" * 100_000,
     r"\begin{a}" * 100_000, "\\", "|" * 300, "(" * 390, "{" * 199 + "x" + "}" * 199, "$", "\x00"],
)  # fmt: skip
def test_hostile_formulas_are_not_said(source: str) -> None:
    assert speak(source) is None


PIECES = st.sampled_from(
    ["\\frac", "{", "}", "x", "1", "^", "_", "\\sqrt", "[", "]", "(", ")", "|", "\\|", "'", "+", "=",
     "\\text{if }", "\\left", "\\right", "\\begin{cases}", "\\end{cases}", "&", "\\\\", "\\sum", " ",
     "\\alpha", "²", "₁", ",", "\\{", "\\}", "\\over", "!", "\\hat", "\\mathrm{Var}", "é", "\\arg\\max"]
)  # fmt: skip


@given(st.one_of(st.lists(PIECES, max_size=20).map("".join), st.text(max_size=60)))
@settings(max_examples=500)
@example("{}")
@example("{}^2")
@example("x^{}")
@example("\\frac{}{}")
@example("x\\begin{cases}\\end{cases}")
def test_any_text_is_said_in_words_or_not_at_all(source: str) -> None:
    said = speak(source)
    if said is not None:
        assert said == said.strip()
        assert not set(said) & set("\\{}^_$&|<>[]\n")
        assert speak(source) == said
