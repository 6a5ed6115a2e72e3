"""Times on input: RFC 3339 with any offset, or integers of 13 (ms) or 10 (s) digits."""
import re

RFC3339 = re.compile(r'([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9}))?'
                     r'(?:([Zz])|([+-])([0-9]{2}):([0-9]{2}))')
MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def days_before(year, month, day):
    """Days since 1970-01-01 of the proleptic Gregorian calendar, or None where there is no such day."""
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= 12 or not 1 <= day <= MONTHS[month - 1] + (leap and month == 2):
        return None
    y = year - (month <= 2)
    era, of_era = divmod(y, 400)
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719468


def at(year, month, day, hour, minute, second, offset_minutes=0):
    """Milliseconds since the epoch, or None; second 60 is the next second."""
    days = days_before(year, month, day)
    if days is None or hour > 23 or minute > 59 or second > 60:
        return None
    return ((days * 24 + hour) * 60 + minute - offset_minutes) * 60_000 + second * 1000


def from_text(text):
    found = RFC3339.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, _, sign, off_h, off_m = found.groups()
    offset = 0
    if sign:
        if int(off_h) > 23 or int(off_m) > 59:
            return None
        offset = (int(off_h) * 60 + int(off_m)) * (-1 if sign == '-' else 1)
    base = at(int(year), int(month), int(day), int(hour), int(minute), int(second), offset)
    return None if base is None else base + int(((fraction or '') + '000')[:3])


def from_integer(value):
    digits = len(str(value)) if value >= 0 else 0
    return value if digits == 13 else value * 1000 if digits == 10 else None
