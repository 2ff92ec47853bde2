"""The `vibration` family: is a rotating machine well? A window of three-axis acceleration, judged against its rated speed."""
