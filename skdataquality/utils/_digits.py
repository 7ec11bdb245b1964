"""Numbers in the digits that a person reads: :func:`fixed`."""

SMALL = 1e-6
HUGE = 1e15  # has no digits to read


def fixed(value, digits=3):
    """Write a number to so many significant digits; none has an exponent that need not.

    >>> fixed(0.0000154), fixed(999.96), fixed(-0.25)
    ('0.0000154', '1000', '-0.25')
    """
    if value == 0:
        return "0"
    if not SMALL <= abs(value) < HUGE:
        return f"{value:.{digits}g}"
    # rounding may carry: 999.6 has four digits before the point
    exponent = int(f"{value:.{digits - 1}e}".partition("e")[2])
    places = max(0, digits - 1 - exponent)
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
