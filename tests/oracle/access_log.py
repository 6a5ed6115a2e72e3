"""Lines of Apache's and nginx' combined (or common) log format."""
import hashlib
import ipaddress
import re

import personal
import times
from events import Event, Fault, enrich, find_personal, settle

FIELD = r'"((?:[^"\\]|\\.)*)"'
LINE = re.compile(r'(\S+) \S+ .*?\[([^\]]*)\] ' + FIELD + r' ([0-9]{3}) (?:[0-9]+|-)(?: ' + FIELD + ' ' + FIELD
                  + r')?\s*')
DATE = re.compile(r'([0-9]{2})/([A-Z][a-z]{2})/([0-9]{4}):([0-9]{2}):([0-9]{2}):([0-9]{2}) ([+-])([0-9]{2})([0-9]{2})')
MONTHS = {name: n for n, name in enumerate(
    'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(), 1)}
ASSETS = set('css js mjs map png jpg jpeg gif svg ico webp woff woff2 ttf eot mp4 webm txt xml'.split())


class Reader:
    def __init__(self, settings, file_name):
        self.settings, self.file_name = settings, file_name

    def read(self, raw, line_number):
        """An event, None where the line is skipped, or Fault."""
        found = LINE.fullmatch(without_virtual_host(raw.decode('utf-8', 'replace')))
        at = found and date(found[2])
        if at is None:
            raise Fault('malformed_log')
        target = viewed(found[3], found[4])
        if target is None:
            return None
        return self.event(at, found, target, raw, line_number)

    def event(self, at, found, target, raw, line_number):
        event = Event()
        agent = found[6] if found[6] not in (None, '-') else ''
        event.t, event.type, event.site = at, 'page_view', self.settings.log_site
        event.id = digest(f'{self.file_name}\0{line_number}\0'.encode() + raw)
        event.visitor_id = event.given_session = digest(f'{found[1]}\0{agent}'.encode())
        if self.settings.secret:
            event.visitor_id = event.given_session = personal.hashed(self.settings.secret, event.visitor_id)
        event.agent = agent or None
        event.empty_agent = found[6] is not None and not agent
        event.referrer = found[5] if found[5] not in (None, '-', '') else None
        event.url = self.settings.site_url + target if self.settings.site_url else None
        event.path = path_of(target)
        event.device = 'unknown'
        event.browser = event.os = '(none)'
        enrich(event, self.settings, found[1], {})
        find_personal(event, self.settings, {'page_url': event.url, 'referrer': event.referrer})
        settle(event, self.settings.topic)
        return event


def without_virtual_host(line):
    """Apache's vhost_combined puts `name:port` before the address."""
    found = re.fullmatch(r'\S+:[0-9]+ ((\S+) .*)', line, re.S)
    try:
        ipaddress.ip_address(found[2] if found else '')
    except ValueError:
        return line
    return found[1]


def date(text):
    found = DATE.fullmatch(text)
    if not found or found[2] not in MONTHS:
        return None
    offset = (int(found[8]) * 60 + int(found[9])) * (-1 if found[7] == '-' else 1)
    return times.at(int(found[3]), MONTHS[found[2]], int(found[1]), int(found[4]), int(found[5]), int(found[6]),
                    offset)


def viewed(request, status):
    """The target of a request that is a page view."""
    parts = request.split(' ')
    if parts[0] != 'GET' or len(parts) < 2 or not (status[0] == '2' or status == '304'):
        return None
    target = ' '.join(parts[1:-1]) if parts[-1].startswith('HTTP/') else ' '.join(parts[1:])
    if not target.startswith('/'):
        return None
    extension = path_of(target).rpartition('/')[2].rpartition('.')
    return None if extension[1] and extension[2].lower() in ASSETS else target


def path_of(target):
    return re.split('[?#]', target, maxsplit=1)[0]


def digest(data):
    return hashlib.sha1(data).hexdigest()[:16]
