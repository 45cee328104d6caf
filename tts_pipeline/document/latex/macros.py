"""What macros and signs are called."""

GREEK = {
    name: name.removeprefix("var").lower()
    for name in (
        "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho "
        "sigma tau upsilon phi chi psi omega varepsilon vartheta varpi varrho varsigma varphi "
        "Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega digamma"
    ).split()
} | {"varkappa": "kappa", "ell": "ell", "hbar": "h bar", "imath": "i", "jmath": "j"}

RELATIONS = {
    "=": "equals", "<": "is less than", ">": "is greater than", "lt": "is less than",
    "gt": "is greater than", "le": "is at most", "leq": "is at most", "leqslant": "is at most",
    "ge": "is at least", "geq": "is at least", "geqslant": "is at least", "ne": "is not equal to",
    "neq": "is not equal to", "approx": "is approximately", "equiv": "is equivalent to",
    "sim": "is distributed as", "simeq": "is similar to", "cong": "is congruent to",
    "propto": "is proportional to", "ll": "is much less than", "gg": "is much greater than",
    "in": "in", "notin": "not in", "ni": "contains", "subset": "is a subset of",
    "subseteq": "is a subset of or equal to", "supset": "is a superset of",
    "supseteq": "is a superset of or equal to", "subsetneq": "is a proper subset of",
    "to": "to", "rightarrow": "to", "longrightarrow": "to", "mapsto": "maps to",
    "longmapsto": "maps to", "leftarrow": "from", "gets": "gets", "leftrightarrow": "to and from",
    "Rightarrow": "implies", "implies": "implies", "Longrightarrow": "implies",
    "Leftarrow": "is implied by", "impliedby": "is implied by",
    "iff": "if and only if", "Leftrightarrow": "if and only if",
    "Longleftrightarrow": "if and only if", "vdash": "proves", "nvdash": "does not prove",
    "models": "models", "vDash": "entails", "perp": "is orthogonal to", "parallel": "parallel to",
    "succ": "is preferred to", "succeq": "is weakly preferred to", "succsim":
    "is weakly preferred to", "prec": "precedes", "preceq": "precedes or equals", "mid": "given",
    "colon": "colon", ":": "colon", "coloneqq": "is defined as", "triangleq": "is defined as",
    "doteq": "is defined as", "asymp": "is asymptotic to", "uparrow": "up", "downarrow": "down",
    "hookrightarrow": "embeds in", "rightsquigarrow": "leads to", "nearrow": "rising",
    "searrow": "falling", "trianglelefteq": "is a normal subgroup of", "lesssim":
    "is at most about", "gtrsim": "is at least about", "nmid": "does not divide",
}  # fmt: skip

OPERATORS = {
    "+": "plus", "-": "minus", "*": "times", "/": "over", "pm": "plus or minus", "mp":
    "minus or plus", "times": "times", "cdot": "times", "div": "divided by", "ast": "star",
    "star": "star", "circ": "composed with", "bullet": "dot", "oplus": "direct plus", "otimes":
    "tensor", "odot": "dot product", "ominus": "minus", "cup": "union", "cap": "intersect",
    "sqcup": "join", "sqcap": "meet", "uplus": "plus", "setminus": "minus", "backslash": "without",
    "land": "and", "wedge": "and", "lor": "or", "vee": "or", "lnot": "not", "neg": "not",
    "forall": "for all", "exists": "there exists", "nexists": "there does not exist",
    "bmod": "mod", "mod": "mod", "amalg": "coproduct", "rtimes": "semidirect product",
    "ltimes": "semidirect product", "bigcirc": "circle", "diamond": "diamond",
}  # fmt: skip

SYMBOLS = {
    "infty": "infinity", "partial": "partial", "nabla": "nabla", "emptyset": "the empty set",
    "varnothing": "the empty set", "aleph": "aleph", "beth": "beth", "Re": "real part", "Im":
    "imaginary part", "ldots": "dot dot dot", "dots": "dot dot dot", "cdots": "dot dot dot",
    "vdots": "dot dot dot", "ddots": "dot dot dot", "dotsc": "dot dot dot", "dotsb": "dot dot dot",
    "top": "top", "bot": "bottom", "angle": "angle", "triangle": "triangle", "square": "box",
    "Box": "box", "Diamond": "diamond", "blacksquare": "end of proof", "checkmark": "check",
    "degree": "degrees", "%": "percent", "$": "dollars", "&": "and", "#": "number", "_":
    "underscore", "therefore": "therefore", "because": "because", "dagger": "dagger", "ddagger":
    "double dagger", "S": "section", "P": "paragraph", "wp": "P", "prime": "prime", "surd": "root",
    "heartsuit": "hearts", "spadesuit": "spades", "clubsuit": "clubs", "diamondsuit": "diamonds",
    "complement": "complement", "hslash": "h bar", "pounds": "pounds", "euro": "euros",
    "LaTeX": "LaTeX", "TeX": "TeX", "copyright": "copyright", "dash": "dash", "sharp": "sharp",
    "flat": "flat", "natural": "natural",
}  # fmt: skip

FUNCTIONS = {
    "sin": "sine", "cos": "cosine", "tan": "tangent", "cot": "cotangent", "sec": "secant",
    "csc": "cosecant", "arcsin": "arc sine", "arccos": "arc cosine", "arctan": "arc tangent",
    "sinh": "hyperbolic sine", "cosh": "hyperbolic cosine", "tanh": "hyperbolic tangent",
    "log": "log", "ln": "natural log", "lg": "log", "exp": "exp", "det": "determinant", "dim":
    "dimension", "ker": "kernel", "deg": "degree", "gcd": "G C D", "arg": "argument", "hom": "hom",
    "Pr": "probability", "tr": "trace", "Tr": "trace", "Var": "variance", "Cov": "covariance",
    "softmax": "softmax", "sigmoid": "sigmoid", "ReLU": "relu", "KL": "K L", "sgn": "sign",
    "sign": "sign", "rank": "rank", "diag": "diagonal", "span": "span", "mod": "mod",
}  # fmt: skip

BIG = {
    "sum": "the sum", "prod": "the product", "int": "the integral", "iint": "the double integral",
    "iiint": "the triple integral", "oint": "the contour integral", "bigcup": "the union",
    "bigcap": "the intersection", "bigoplus": "the direct sum", "bigotimes": "the tensor product",
    "bigvee": "the join", "bigwedge": "the meet", "coprod": "the coproduct", "lim": "the limit",
    "limsup": "the limit superior", "liminf": "the limit inferior", "max": "the maximum",
    "min": "the minimum", "sup": "the supremum", "inf": "the infimum", "argmax": "the arg max",
    "argmin": "the arg min",
}  # fmt: skip

ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
    "widetilde": "tilde", "vec": "vector", "overrightarrow": "vector", "dot": "dot",
    "ddot": "double dot", "check": "check", "breve": "breve", "acute": "acute", "grave": "grave",
    "underline": "underlined", "mathring": "ring",
}  # fmt: skip

STYLES = frozenset(
    "mathbf mathrm mathit mathcal mathbb mathfrak mathsf mathtt mathscr boldsymbol bm pmb rm bf it "
    "cal boxed fbox mathop mathrel mathbin mathord mathopen "
    "mathclose mathstrut ensuremath substack smash mathpunct cancel".split()
)
"""Macros of one argument that change only its looks."""
WORDS = frozenset(
    "text textrm textbf textit texttt textsf textsc mbox hbox operatorname emph".split()
)
"""Macros whose argument is words."""
SILENT = frozenset(
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag quad "
    "qquad "
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr middle thinspace "
    "negthinspace space enspace , ; : ! > \\ hfill centering strut relax noindent allowbreak "
    "hline allowdisplaybreaks raggedright small large Large bigm Bigm".split()
) | {" ", "\n"}
DROPPED = frozenset(
    "label tag hspace vspace hphantom vphantom phantom color cite ref eqref".split()
)
"""Macros whose argument is not shown, or not a part of the formula."""

UNICODE = {
    "≤": "le", "≥": "ge", "≠": "ne", "≈": "approx", "≡": "equiv", "∼": "sim", "∝": "propto",
    "≪": "ll", "≫": "gg", "∈": "in", "∉": "notin", "⊂": "subset", "⊆": "subseteq", "⊃": "supset",
    "→": "to", "←": "gets", "↔": "leftrightarrow", "⇒": "implies", "⇔": "iff", "⟹": "implies",
    "↦": "mapsto", "∀": "forall", "∃": "exists", "¬": "lnot", "∧": "land", "∨": "lor", "∪": "cup",
    "∩": "cap", "∅": "emptyset", "∞": "infty", "∂": "partial", "∇": "nabla", "∑": "sum",
    "∏": "prod", "∫": "int", "±": "pm", "∓": "mp", "×": "times", "·": "cdot", "⋅": "cdot",
    "÷": "div", "∘": "circ", "⊕": "oplus", "⊗": "otimes", "⊢": "vdash", "⊨": "models",
    "…": "ldots", "⋯": "cdots", "°": "degree", "−": "-", "–": "-", "′": "prime", "□": "square",
    "⊥": "bot", "⊤": "top", "≻": "succ", "≽": "succeq", "≺": "prec", "ℓ": "ell", "√": "surd",
    "∣": "mid", "∗": "*", "ϵ": "epsilon", "ϕ": "phi", "≅": "cong", "≃": "simeq", "∖": "setminus",
    "ℝ": "R", "ℕ": "N", "ℤ": "Z", "ℚ": "Q", "ℂ": "C", "⟨": "langle", "⟩": "rangle",
}  # fmt: skip
"""Signs that people type instead of macros; a capital letter stands for itself."""

FENCES = {
    "(": ("open paren", "close paren"), "[": ("open bracket", "close bracket"),
    "lbrack": ("open bracket", "close bracket"), "{": ("the set", "end set"),
    "lbrace": ("the set", "end set"), "langle": ("open angle", "close angle"),
    "lfloor": ("the floor of", "end floor"), "lceil": ("the ceiling of", "end ceiling"),
    "lvert": ("the absolute value of", "end absolute value"),
    "lVert": ("the norm of", "end norm"), "|": ("the absolute value of", "end absolute value"),
    "||": ("the norm of", "end norm"),
}  # fmt: skip
CLOSING = {
    "(": ")", "[": "]", "lbrack": "rbrack", "{": "}", "lbrace": "rbrace", "langle": "rangle",
    "lfloor": "rfloor", "lceil": "rceil", "lvert": "rvert", "lVert": "rVert",
}  # fmt: skip

PARTS = {
    2: "half", 3: "third", 4: "quarter", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth",
    9: "ninth", 10: "tenth", 100: "hundredth", 1000: "thousandth",
}  # fmt: skip
NUMBERS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
