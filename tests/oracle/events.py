"""A valid event, whatever it was read from, and what every event of any shape has in common."""


import personal


class Fault(Exception):
    """Why a record is a dead letter."""

    def __init__(self, reason, field=None):
        super().__init__(reason, field)
        self.reason, self.field = reason, field


class Event:
    __slots__ = ('t', 'order', 'type', 'id', 'given_session', 'session', 'user_id', 'visitor_id', 'visitor', 'site',
                 'url', 'path', 'referrer', 'agent', 'device', 'browser', 'browser_version', 'os', 'os_version',
                 'device_brand', 'device_model', 'country', 'region', 'load_ms',
                 'element', 'scroll_depth', 'form', 'form_success', 'form_error', 'video', 'autoplay', 'name',
                 'value', 'claim', 'score', 'late', 'session_key', 'personal', 'written', 'empty_agent', 'bot', 'bot_reasons',
                 'verdict')

    def __init__(self):
        for name in self.__slots__:
            setattr(self, name, None)


def enrich(event, settings, address, claimed):
    """Country, region and city: of the database, else as claimed (a dict). What silver says of them."""
    found = settings.places and settings.places.find(address)
    place = {name: claimed.get(name) for name in ('country', 'region', 'city')}
    source = 'client' if any(place.values()) else None
    if found:
        source = 'database'
        if not (found[0] == place['country'] and not found[1] and not found[2]):
            place = dict(zip(place, found))
    event.country, event.region = place['country'] or '(none)', place['region'] or '(none)'
    event.written = {**place, 'geo_source': source, 'ip_address': personal.cut_address(settings.ip, address)}


def find_personal(event, settings, record):
    """Counts it in the query strings of a record's URLs and in its form_fields; says how they are written."""
    texts = {name: personal.mask_url(record.get(name)) for name in ('page_url', 'referrer', 'target_url')}
    texts['form_fields'] = personal.mask_value(record.get('form_fields'))
    event.personal = sum(count for _, count in texts.values())
    event.written.update({name: masked if settings.mask_pii else record.get(name)
                          for name, (masked, _) in texts.items()})
    event.written['pii_masked'] = event.personal


def settle(event, topic):
    """Who it is, which session it names and what its quality score (in hundredths) is."""
    someone = event.visitor_id or event.user_id
    event.session = event.given_session or '~' + someone
    event.visitor = someone or f'{topic}|{event.site}|{event.session}'
    event.score = quality_score(event)


def quality_score(event):
    score = 100
    if not event.given_session:
        score -= 30
    if not (event.user_id or event.visitor_id):
        score -= 30
    if not event.agent:
        score -= 20
    if event.path is not None and '/viewer' in event.path:
        score -= 10
    if event.name:
        score += 5
    return max(0, min(100, score))


def path_of_url(url):
    """The path as written: after the authority, before query and fragment, `/` if empty."""
    rest = url.partition('://')[2]
    end = first_of(rest, '/?#')
    path = rest[end:]
    return path[:first_of(path, '?#')] or '/'


def first_of(text, characters):
    found = [at for at in map(text.find, characters) if at >= 0]
    return min(found) if found else len(text)


def host_of_authority(authority):
    """In lower case, without user and port; an address in brackets keeps them."""
    host = authority.rpartition('@')[2]
    if host.startswith('['):
        return host[:host.find(']') + 1].lower()
    return host.partition(':')[0].lower()


def split_http(url, ends='/?#'):
    """(host, path and the rest) of an http or https URL with a host, else None. `ends` are what the host ends at."""
    scheme, mark, rest = url.partition('://')
    if not mark or scheme.lower() not in ('http', 'https'):
        return None
    end = first_of(rest, ends)
    host = host_of_authority(rest[:end])
    return (host, rest[end:]) if host else None
