def speak(source: str) -> str | None:
    return None
