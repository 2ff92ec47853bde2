"""The classifier of the `keyword` family: how likely is it that the edge's small variant gets a clip wrong, or is unsure of it?"""
