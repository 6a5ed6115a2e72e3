"""Personal data planted in records, and the search for it in all that was written: raw, in base64, in RocksDB's files."""
import base64
import json
import pathlib
import re
import shutil
import subprocess
from urllib.parse import quote

ADDRESS = '198.51.100.77'
USERS = ('planted-user', 'planted-visitor')
MAILS = ('planted-1@example.com', 'planted.2+tag@mail.example.co.uk', 'plantéd-3@exämple.de')
CARDS = ('4111111111111111', '5555-5555-5555-4444', '3782 822463 10005')
PHONES = ('+491512345678', '+1 (555) 010-4477')
SECRETS = (*MAILS, *CARDS, *PHONES)
BASE64 = re.compile(rb'[A-Za-z0-9+/]{16,}={0,2}')


def forms(secret):
    """The ways in which it may stand in a URL."""
    return secret.replace(' ', '+'), quote(secret, safe=''), quote(quote(secret, safe=''), safe='')


def needles():
    """What must be found nowhere: each value in every form, and numbers without their gaps."""
    found = {ADDRESS, *USERS}
    for secret in SECRETS:
        found |= {secret, json.dumps(secret)[1:-1], *forms(secret)}
        if secret not in MAILS:
            found.add(re.sub('[^0-9]', '', secret))
    found |= {secret.partition('@')[0] for secret in MAILS}
    return [needle.encode() for needle in found]


def records(begin, text):
    """Valid events, too late ones, and every kind of dead letter, each with something planted."""
    serial = 0

    def event(kind, session, **more):
        nonlocal serial
        serial += 1
        return {'event_id': f'{text}-{serial}', 'event_type': kind, 'timestamp': begin + serial * 1000, 'session_id': session,
                'user_id': USERS[0], 'visitor_id': USERS[1], 'ip_address': ADDRESS,
                'page_url': 'https://shop.example/', **more}
    for n, secret in enumerate(SECRETS):
        session = f's{n}'
        for form in forms(secret):
            url = f'https://shop.example/p?x=1&y={form}&z#{form}'
            yield event('page_view', session, page_url=url, referrer=f'https://www.google.com/search?q={form}')
            yield event('page_view', f'u{serial}', page_url=f'https://shop.example/?utm_source={form}&utm_campaign={form}')
            yield event('page_view', f'r{serial}', page_path=f'/p?{form}', page_id=f'/p?{form}',
                        referrer=f'https://partner.example/?a={form}')
            yield event('click', session, target_url=f'https://shop.example/t?{form}')
            yield {**event('page_view', None, page_url=url), 'timestamp': begin - 7_200_000}       # too late
            yield event('page_view', session, page_url=url, country=7)                             # dead letters
            yield event('page_view', session, page_url=f'shop.example?{form}')
            yield event('page_view', session, page_url=f'{url} {form}')
        yield event('form_submit', session, form_success=True,
                    form_fields={'a': secret, secret: [f'mine is "{secret}",\nreally'], 'n': 4111111111111111})
        yield event('form_submit', session, form_success=1, form_fields={'a': [secret]})
        yield event('form_submit', session, form_success=True, form_fields=secret)
    for name in ('user_id', 'visitor_id'):
        yield event('page_view', 's', **{name: USERS[0] * 20})
        yield event('page_view', 's', **{name: [USERS[0]]})
    for address in ([ADDRESS, ADDRESS], {'v4': ADDRESS}):
        yield event('page_view', 's', ip_address=address)


def lines(begin, text):
    """The records as JSON, escaped and not, and what is no JSON."""
    for n, record in enumerate(records(begin, text)):
        yield json.dumps(record, ensure_ascii=bool(n % 2)).encode()
    person = {'event_id': 'x', 'user_id': USERS[0], 'ip_address': ADDRESS}
    yield str(person).encode()                                                                     # as Python shows it
    yield json.dumps({'page_title': '32', **person}).replace('32', '32" monitor').encode()
    yield json.dumps([person]).encode()
    yield json.dumps([person, json.loads('[' * 40 + ']' * 40)]).encode()                                 # too deep
    yield json.dumps(json.dumps(person)).encode()
    whole = json.dumps({**person, 'form_fields': list(SECRETS)}).encode()
    yield whole[:-3]
    yield whole.replace(b'@', b'\\u0040')
    yield b'[' + whole + b']'
    yield b'\xff' + whole
    for secret in SECRETS:
        yield f'{{"a" {secret}'.encode()
        yield f'{{"a": "x" , {secret}'.encode()


def oversize():
    """More than a broker takes by default."""
    return json.dumps([{'event_id': 'x', 'user_id': USERS[0], 'ip_address': ADDRESS}] * 16_000).encode()


class Finds:
    """What was found of the needles, and where."""

    def __init__(self):
        self.needles, self.found, self.searched = needles(), [], 0

    def search(self, where, data):
        self.searched += len(data)
        for what in (data, *decoded(data)):
            self.found += [f'{needle.decode()} in {where}' for needle in self.needles if needle in what]

    def folder(self, path):
        """Every file, and what RocksDB has compressed in its tables."""
        for file in sorted(pathlib.Path(path).rglob('*')):
            if file.is_file():
                self.search(file, file.read_bytes())
            if file.suffix == '.sst':
                self.search(f'the table {file}', table(file))


def decoded(data):
    for run in BASE64.findall(data):
        try:
            yield base64.b64decode(run + b'=' * (-len(run) % 4))
        except ValueError:
            pass


def table(file):
    command = [shutil.which('sst_dump') or 'sst_dump', f'--file={file}', '--command=scan']
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
