"""Looks for words in megabytes: by their first letter, which is found a hundred times faster when rare."""


def holds(text: bytes, *words: bytes) -> bool:
    """Tell whether a text holds one of these words, which begin by the same letter.

    Worth it when this letter is rare in the text, or the word near its start.
    """
    letter = words[0][:1]
    place = text.find(letter)
    while place >= 0:
        if text.startswith(words, place):
            return True
        place = text.find(letter, place + 1)
    return False
