"""Apple's podcast categories, by their official names, which are case-sensitive."""

import difflib

CATEGORIES: dict[str, tuple[str, ...]] = {
    "Arts": ("Books", "Design", "Fashion & Beauty", "Food", "Performing Arts", "Visual Arts"),
    "Business": (
        "Careers",
        "Entrepreneurship",
        "Investing",
        "Management",
        "Marketing",
        "Non-Profit",
    ),
    "Comedy": ("Comedy Interviews", "Improv", "Stand-Up"),
    "Education": ("Courses", "How To", "Language Learning", "Self-Improvement"),
    "Fiction": ("Comedy Fiction", "Drama", "Science Fiction"),
    "Government": (),
    "Health & Fitness": (
        "Alternative Health",
        "Fitness",
        "Medicine",
        "Mental Health",
        "Nutrition",
        "Sexuality",
    ),
    "History": (),
    "Kids & Family": ("Education for Kids", "Parenting", "Pets & Animals", "Stories for Kids"),
    "Leisure": (
        "Animation & Manga",
        "Automotive",
        "Aviation",
        "Crafts",
        "Games",
        "Hobbies",
        "Home & Garden",
        "Video Games",
    ),
    "Music": ("Music Commentary", "Music History", "Music Interviews"),
    "News": (
        "Business News",
        "Daily News",
        "Entertainment News",
        "News Commentary",
        "Politics",
        "Sports News",
        "Tech News",
    ),
    "Religion & Spirituality": (
        "Buddhism",
        "Christianity",
        "Hinduism",
        "Islam",
        "Judaism",
        "Religion",
        "Spirituality",
    ),
    "Science": (
        "Astronomy",
        "Chemistry",
        "Earth Sciences",
        "Life Sciences",
        "Mathematics",
        "Natural Sciences",
        "Nature",
        "Physics",
        "Social Sciences",
    ),
    "Society & Culture": (
        "Documentary",
        "Personal Journals",
        "Philosophy",
        "Places & Travel",
        "Relationships",
    ),
    "Sports": (
        "Baseball",
        "Basketball",
        "Cricket",
        "Fantasy Sports",
        "Football",
        "Golf",
        "Hockey",
        "Rugby",
        "Running",
        "Soccer",
        "Swimming",
        "Tennis",
        "Volleyball",
        "Wilderness",
        "Wrestling",
    ),
    "TV & Film": ("After Shows", "Film History", "Film Interviews", "Film Reviews", "TV Reviews"),
    "Technology": (),
    "True Crime": (),
}


def parse(text: str) -> tuple[str, str | None]:
    """Category and subcategory of `Society & Culture > Philosophy` or `Technology`.

    Raises:
        ValueError: Apple has no such category; says which is the nearest.
    """
    category, arrow, subcategory = (" ".join(part.split()) for part in text.partition(">"))
    if category in CATEGORIES and not arrow:
        return category, None
    if subcategory in CATEGORIES.get(category, ()):
        return category, subcategory
    # Nobody writes a longer name, and difflib's time grows with it.
    shown = " ".join(text[:100].split())
    raise ValueError(f"Apple has no category {shown!r}; {_hint(shown)}")


def _hint(text: str) -> str:
    """The nearest official name, whether both levels were written or the lower one alone."""
    official: dict[str, str] = {}
    for category, subcategories in CATEGORIES.items():
        official[category.casefold()] = category
        for subcategory in subcategories:
            path = f"{category} > {subcategory}"
            official[path.casefold()] = path
            official.setdefault(subcategory.casefold(), path)
    near = difflib.get_close_matches(text.casefold(), official, n=1, cutoff=0.5)
    if near:
        return f"the nearest is {official[near[0]]!r}"
    return f"write one of {', '.join(CATEGORIES)}, or one of their subcategories after `>`"
