"""Personal data: e-mail addresses, card and phone numbers in query strings and form fields, hashed ids, cut addresses."""
import hashlib
import hmac
import ipaddress
import re
import socket

# Bytes as the characters of latin-1, so that what percent-encodings stand for need be no UTF-8.
WORD = 'A-Za-z0-9\x80-\xff'
ENCODED = re.compile('%(?:25)*[0-9A-Fa-f]{2}|.', re.S)
NAME = re.compile(f"[{WORD}.!#$%'*+^_`{{|}}~-]+$")
DOMAIN = re.compile(f'[{WORD}.-]+')
SOUND_DOMAIN = re.compile(f'(?:[{WORD}-]+\\.)+(?=[{WORD}-]*[A-Za-z\x80-\xff])[{WORD}-]{{2,}}')
CARD = re.compile(r'[2-6][0-9]{2,18}(?![0-9])(?:[ +-][0-9]{3,19}(?![0-9]))*')
PHONE = re.compile(r'\+(?:[ +.()/-]{0,2}[0-9])+')
WORD_CHARACTER = re.compile(f'[{WORD}]')


def decoded(text):
    """[(character, where it began)]; `%25` before two digits is what encodes an encoding."""
    made = []
    for token in ENCODED.finditer(text):
        whole = token[0]
        character = chr(int(whole[-2:], 16)) if len(whole) > 1 else whole
        made.append((character, token.start()))
    return made


def mask(text):
    """(the text masked, how much was found)."""
    raw = text.encode('utf-8', 'surrogatepass').decode('latin-1')
    characters = decoded(raw)
    plain = ''.join(c for c, _ in characters)
    begins = [at for _, at in characters] + [len(raw)]
    out, done, count, at = [], 0, 0, 0
    while at < len(plain):
        found = find(plain, at, done)
        if not found:
            at += 1
            continue
        begin, end, name = found
        out += raw[begins[done]:begins[begin]], f'({name})'
        at = done = end
        count += 1
    return (''.join(out) + raw[begins[done]:]).encode('latin-1').decode('utf-8', 'surrogatepass'), count


def find(plain, at, done):
    c = plain[at]
    if c == '@':
        return mail(plain, at, done)
    if c == '+':
        return None if at > done and WORD_CHARACTER.match(plain[at - 1]) else number(plain, at, PHONE, phone_sizes, 'phone')
    if c in '23456' and not re.search(f'[{WORD}]$|[0-9]\\.$', plain[max(done, at - 2):at]):
        return number(plain, at, CARD, luhn, 'card')
    return None


def mail(plain, at, done):
    name, domain = NAME.search(plain[done:at]), DOMAIN.match(plain, at + 1)
    labels = domain[0].split('.') if name and domain and len(domain[0]) <= 255 else []
    while labels:
        whole = re.sub(f'[^{WORD}]+$', '', '.'.join(labels))
        if SOUND_DOMAIN.fullmatch(whole):
            return at - len(name[0]), at + 1 + len(whole), 'email'
        labels.pop()
    return None


def number(plain, at, pattern, sound, name):
    """The longest beginning that ends with a group of digits, not within a word, and is sound."""
    found = pattern.match(plain, at)
    ends = [at + group.end() for group in re.finditer('[0-9]+', found[0])] if found else ()
    for end in reversed(ends):
        if not WORD_CHARACTER.match(plain, end) and sound(re.sub('[^0-9]', '', plain[at:end])):
            return at, end, name
    return None


def phone_sizes(digits):
    return 8 <= len(digits) <= 15


def luhn(digits):
    doubled = (sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return 13 <= len(digits) <= 19 and (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10 == 0


def mask_url(url):
    if not url or '?' not in url:
        return url, 0
    before, _, query = url.partition('?')
    query, count = mask(query)
    return before + '?' + query, count


def mask_value(value):
    """The same of a value of JSON; a number that is one becomes a text."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, dict):
        names, values = [mask(name) for name in value], [mask_value(v) for v in value.values()]
        return {n: v for (n, _), (v, _) in zip(names, values)}, sum(n for _, n in names + values)
    if isinstance(value, list):
        made = [mask_value(v) for v in value]
        return [v for v, _ in made], sum(n for _, n in made)
    if isinstance(value, int) and not isinstance(value, bool):
        text, count = mask(str(value))
        return (text, count) if count else (value, 0)
    return value, 0


def hashed(secret, text):
    return text and hmac.new(secret, text.encode(), hashlib.sha256).hexdigest()


def cut_address(how, text):
    """`privacy.ip`."""
    if how == 'keep' or not text:
        return text
    try:
        address = None if how == 'drop' else ipaddress.ip_address(text)
    except ValueError:
        address = None
    if address is None:
        return None
    packed = address.packed
    if address.version == 4:
        return socket.inet_ntop(socket.AF_INET, packed[:3] + b'\0')
    kept = 15 if address.ipv4_mapped else 6
    return socket.inet_ntop(socket.AF_INET6, packed[:kept] + bytes(16 - kept))
