"""What the built encoder is checked on: pairs that say the same in other words, and texts that are hard on a tokeniser."""

PAIRS = [
    ("How do I reset my password?", "I forgot my password and need a new one."),
    ("The cat sleeps on the warm windowsill.", "A kitten is napping by the sunny window."),
    ("Revenue grew by twelve percent last quarter.", "Quarterly sales rose about 12 %."),
    ("It will rain heavily tomorrow morning.", "Tomorrow's forecast: downpours in the early hours."),
    ("The pump vibrates more than it should.", "There is unusual shaking in the water pump."),
    ("She boiled pasta and made tomato sauce.", "For dinner she cooked spaghetti with tomatoes."),
    ("The train to Berlin is forty minutes late.", "Our rail connection to Berlin has been delayed."),
    ("Doctors recommend washing your hands often.", "Frequent hand washing is advised by physicians."),
    ("He scored twice in the football final.", "The striker netted two goals in the championship match."),
    ("The museum opens at nine and closes at five.", "Opening hours of the gallery are from 9 am to 5 pm."),
    ("My phone battery drains far too quickly.", "The smartphone runs out of charge within hours."),
    ("Parliament passed the new climate law.", "Lawmakers approved legislation on global warming."),
    ("The old bridge was closed for repairs.", "Maintenance work shut down the ageing bridge."),
    ("Children were building castles on the beach.", "Kids played in the sand by the sea."),
    ("The violinist received a standing ovation.", "The audience rose to applaud the violin player."),
    ("Please cancel my subscription right away.", "I want to end my membership immediately."),
]

HARD = [
    "x",
    "Café, naïve, São Paulo, Ångström: accents come off.",
    "ALL CAPITALS, AND    MANY\tBLANKS\n\nIN BETWEEN!!!",
    "東京タワー und die Straße nach Köln",
    "Die Maschine antwortet auch dann, wenn die Verbindung abreißt.",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "GET /v2/models/embed/infer?x=1&y=2 HTTP/1.1 -> 200 OK (3.141 ms)",
    "The device answers by itself when the link to the cloud is cut, keeps what it may keep, and tells the region as soon as the link is back; "
    "the region, in turn, rolls the report up for the centre, which never sees the raw input unless a rule allows it. " * 6,
]

# What BERT's own tokeniser makes of them, as its documentation and many examples show it: another vocabulary or another way to cut words is found here.
KNOWN = {
    "Hello, my dog is cute": [101, 7592, 1010, 2026, 3899, 2003, 10140, 102],
    "Replace me by any text you'd like.": [101, 5672, 2033, 2011, 2151, 3793, 2017, 1005, 1040, 2066, 1012, 102],
}

ALL = [sentence for pair in PAIRS for sentence in pair] + HARD + list(KNOWN)
