"""Who speaks. Voices are split by variant, and relatives (`steph`, `steph2`) stay on one side, so that evaluation hears strangers."""
from dataclasses import dataclass

ACCENTS = (
    "en-us gmw/en en-gb-scotland en-gb-x-rp en-gb-x-gbclan en-gb-x-gbcwmd en-029 en-us-nyc".split()
)  # `gmw/en`, because `en-gb+m1` fails and silently keeps the voice before it

VARIANTS = {
    "training": (
        "Alex Alicia Andrea Andy Annie AnxiousAndy Diogo Henrique Hugo Jacky Lee Marco Mario Michael Mike Nguyen "
        "RicishayMax RicishayMax2 RicishayMax3 Storm Tweaky UniRobot adam anika anikaRobot announcer antonio aunty "
        "belinda benjamin boris caleb croak david f1 f3 f5 fast grandma grandpa gustave john kaukovalta klatt klatt2 "
        "klatt3 klatt4 klatt5 klatt6 m1 m2 m4 m6 m8 marcelo max michel miguel norbert pablo pedro rob robert sandro victor"
    ).split(),
    "validation": "Denis f4 iven iven2 iven3 iven4 m5 paul shelby travis".split(),
    "evaluation": "Gene Gene2 ed edward edward2 f2 linda m3 m7 quincy steph steph2 steph3 zac".split(),
}


@dataclass(frozen=True)
class Voice:
    """One way to say a word. `variant` is the person: intervals that resample voices resample variants."""

    accent: str
    variant: str
    rate: int
    pitch: int
    pitch_range: int

    @property
    def name(self) -> str:
        return f"{self.accent}+{self.variant}"


def draw_voice(random, split: str) -> Voice:
    """A voice of a split; `random` is a numpy Generator."""
    variants = VARIANTS[split]
    return Voice(
        accent=ACCENTS[random.integers(len(ACCENTS))],
        variant=variants[random.integers(len(variants))],
        rate=int(random.integers(120, 220)),
        pitch=int(random.integers(25, 80)),
        pitch_range=int(random.integers(20, 80)),
    )
