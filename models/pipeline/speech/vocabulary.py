"""What is said. `unknown` is a class of words the model must not take for a command; evaluation hears partly other ones."""

COMMANDS = (
    "yes no go on off up stop down left lift light right four five three play pause open close start".split()
)
LABELS = ["silence", "unknown", *COMMANDS]
SILENCE, UNKNOWN = 0, 1
SILENCE_SHARE, UNKNOWN_SHARE = 0.06, 0.16

UNKNOWN_TRAINING = (
    "bed bird cat dog happy house marvin sheila tree wow zero one two six seven eight nine backward forward follow "
    "learn visual table window river garden music water paper yellow orange purple seven dinner morning evening winter "
    "summer doctor teacher number letter mountain kitchen button camera engine silver market planet"
).split()
UNKNOWN_EVALUATION = (
    "bed cat tree zero seven nine forward window water paper yellow doctor letter kitchen camera "
    "ladder basket coffee puzzle rocket flower hammer pencil harbour lemon saddle thunder velvet whisper castle"
).split()


def unknown_words(split: str) -> list[str]:
    """The words that a split uses for `unknown` and for babble."""
    words = UNKNOWN_EVALUATION if split == "evaluation" else UNKNOWN_TRAINING
    return sorted(set(words))
