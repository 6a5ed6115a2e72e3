"""Web records: one JSON object each, checked field by field in the order of the spec's table."""
import re

import strict_json
import times
import personal
from events import Event, Fault, enrich, find_personal, path_of_url, settle, split_http

TYPES = {'page_view', 'click', 'scroll', 'form_submit', 'video_play', 'custom_event', 'session_start', 'session_end'}
NEEDS_NO_URL = {'session_start', 'session_end', 'custom_event'}
SITE_ID = re.compile(r'[A-Za-z0-9._-]{1,100}')
CLAIMS = ('user_agent', 'ip_address', 'device_type', 'browser', 'browser_version', 'os', 'os_version', 'device_brand',
          'device_model', 'country', 'region', 'city')
WIDTHS = ('screen_width', 'screen_height', 'viewport_width', 'viewport_height')
RESOLUTION = re.compile(r'([0-9]+)x([0-9]+)')
FORBIDDEN_IN_URL = re.compile('[\x00-\x20]')
OWN_TEXTS = {'click': ('target_url',), 'form_submit': ('form_fields',)}
BIGGEST = 10**12


class Reader:
    def __init__(self, settings):
        self.settings = settings

    def read(self, raw):
        """An event, or Fault."""
        limit = self.settings.max_bytes
        if limit is not None and len(raw) > limit:
            raise Fault('oversize')
        try:
            record = strict_json.parse(raw, self.settings.max_depth)
        except strict_json.Malformed:
            raise Fault('malformed_json') from None
        except strict_json.TooDeep:
            raise Fault('too_deep') from None
        if type(record) is not dict:
            raise Fault('not_an_object')
        return self.check(record)

    def check(self, record):
        event = Event()
        event.id = required(record, 'event_id', identifier)
        self.event_type(record, event)
        self.timestamp(record, event)
        ids(record, event)
        if self.settings.secret:
            event.user_id = personal.hashed(self.settings.secret, event.user_id)
            event.visitor_id = personal.hashed(self.settings.secret, event.visitor_id)
        event.site = site_id(record)
        location(record, event)
        given = claims(record, event)
        for name in ('properties', 'metadata', 'user_props'):
            thing(record, name)
        BY_TYPE[event.type](record, event)
        own = OWN_TEXTS.get(event.type, ())
        here = {name: present(record, name) for name in ('page_url', 'referrer', *own)}
        enrich(event, self.settings, given.get('ip_address'), given)
        find_personal(event, self.settings, here)
        self.keys(record, event)
        settle(event, self.settings.topic)
        return event

    def keys(self, record, event):
        """A page_path or page_id that came with a query is masked at once: they are keys."""
        for name in ('page_path', 'page_id'):
            masked, count = personal.mask_url(present(record, name))
            event.personal += count
            if name == 'page_path' and masked and self.settings.mask_pii:
                event.path = masked
        event.written.update(pii_masked=event.personal, user_id=event.user_id, visitor_id=event.visitor_id)

    def event_type(self, record, event):
        name = required(record, 'event_type', text)
        if name == 'pageview':
            name = 'page_view'
        if name not in TYPES:
            if not self.settings.accept_unknown:
                raise Fault('unknown_event_type', 'event_type')
            event.name, name = name, 'custom_event'
        event.type = name

    def timestamp(self, record, event):
        value = present(record, 'timestamp')
        if value is None:
            raise Fault('missing_field', 'timestamp')
        kind = type(value)
        if kind not in (str, int, float):
            raise Fault('wrong_type', 'timestamp')
        at = times.from_text(value) if kind is str else times.from_integer(value) if kind is int else None
        if at is None:
            raise Fault('invalid_timestamp', 'timestamp')
        s = self.settings
        if s.max_future is not None and at > s.now + s.max_future:
            raise Fault('timestamp_in_future', 'timestamp')
        if s.max_age is not None and at < s.now - s.max_age:
            raise Fault('timestamp_too_old', 'timestamp')
        event.t = at


def present(record, name):
    """The value, None where it counts as absent."""
    value = record.get(name)
    return None if value == '' else value


def required(record, name, check):
    value = check(record, name)
    if value is None:
        raise Fault('missing_field', name)
    return value


def text(record, name):
    value = record.get(name)
    if value is None or value == '':
        return None
    if type(value) is not str:
        raise Fault('wrong_type', name)
    return value


def identifier(record, name):
    value = text(record, name)
    if value is not None and len(value) > 128:
        raise Fault('out_of_range', name)
    return value


def number(record, name, low=-BIGGEST, high=BIGGEST):
    value = present(record, name)
    if value is None:
        return None
    if type(value) not in (int, float):
        raise Fault('wrong_type', name)
    if not low <= value <= high:
        raise Fault('out_of_range', name)
    return float(value)


def natural(record, name, high=2**64):
    value = present(record, name)
    if value is None:
        return None
    if type(value) is not int:
        raise Fault('wrong_type', name)
    if not 0 <= value <= high:
        raise Fault('out_of_range', name)
    return value


def boolean(record, name):
    value = present(record, name)
    if value is not None and type(value) is not bool:
        raise Fault('wrong_type', name)
    return value


def thing(record, name):
    value = present(record, name)
    if value is not None and type(value) is not dict:
        raise Fault('wrong_type', name)


def ids(record, event):
    event.given_session = identifier(record, 'session_id')
    if event.given_session and event.given_session.startswith('~'):
        raise Fault('out_of_range', 'session_id')
    event.user_id = identifier(record, 'user_id')
    event.visitor_id = identifier(record, 'visitor_id')
    if not (event.given_session or event.user_id or event.visitor_id):
        raise Fault('missing_field', 'session_id')


def site_id(record):
    site = text(record, 'site_id')
    if site is not None and not SITE_ID.fullmatch(site):
        raise Fault('out_of_range', 'site_id')
    return site or 'default'


def location(record, event):
    url = text(record, 'page_url')
    if url is None:
        if event.type not in NEEDS_NO_URL:
            raise Fault('missing_field', 'page_url')
    else:
        check_url(url)
    path = text(record, 'page_path')
    for name in ('page_id', 'page_title'):
        text(record, name)
    event.url = url
    event.path = path or (path_of_url(url) if url else None)
    event.referrer = text(record, 'referrer')


def check_url(url):
    if len(url) > 2048 or FORBIDDEN_IN_URL.search(url):
        raise Fault('out_of_range', 'page_url')
    if not split_http(url):
        raise Fault('invalid_url', 'page_url')


def claims(record, event):
    given = {name: text(record, name) for name in CLAIMS if name in record}
    width = None
    for name in ('screen_resolution', 'viewport_size'):
        resolution = text(record, name)
        if resolution is not None and not RESOLUTION.fullmatch(resolution):
            raise Fault('out_of_range', name)
        if name == 'screen_resolution' and resolution:
            width = int(resolution.partition('x')[0])
    sizes = {name: natural(record, name) for name in WIDTHS if name in record}
    if sizes.get('screen_width') is not None:
        width = sizes['screen_width']
    event.agent = given.get('user_agent')
    event.empty_agent = record.get('user_agent') == ''
    event.device = device_type(given.get('device_type'), width)
    for field in ('browser', 'os'):
        setattr(event, field, given.get(field) or '(none)')
    for field in ('browser_version', 'os_version', 'device_brand', 'device_model'):
        setattr(event, field, given.get(field))
    return given


def device_type(claim, width):
    if claim and claim not in ('unknown', '(none)'):
        return claim
    if width is None:
        return 'unknown'
    return 'mobile' if width < 768 else 'tablet' if width < 1024 else 'desktop'


def page_view(record, event):
    event.load_ms = natural(record, 'page_load_time_ms', 600_000)
    for name in ('dom_interactive_ms', 'dom_complete_ms'):
        natural(record, name, 600_000)


def click(record, event):
    event.element = text(record, 'element_id')
    for name in ('element_class', 'element_text'):
        text(record, name)
    for name in ('x_position', 'y_position'):
        number(record, name)
    text(record, 'target_url')


def scroll(record, event):
    if present(record, 'scroll_depth') is None:
        raise Fault('missing_field', 'scroll_depth')
    event.scroll_depth = number(record, 'scroll_depth', 0, 100)
    text(record, 'scroll_direction')
    for name in ('scroll_position_y', 'page_height'):
        number(record, name)


def form_submit(record, event):
    event.form = text(record, 'form_id')
    text(record, 'form_name')
    event.form_success = required(record, 'form_success', boolean)
    event.form_error = text(record, 'form_error')
    thing(record, 'form_fields')


def video_play(record, event):
    event.video = required(record, 'video_id', text)
    text(record, 'video_title')
    for name in ('video_duration_seconds', 'play_time_seconds'):
        number(record, name)
    event.autoplay = boolean(record, 'autoplay')


def custom_event(record, event):
    if event.name is None:
        event.name = required(record, 'event_name', text)
    if event.name == 'form_focus':
        event.name = 'form_start'
    for name in ('event_category', 'event_label'):
        text(record, name)
    value = number(record, 'event_value')
    event.value = None if value is None else micros(value)
    if event.name == 'form_start':
        event.form = text(record, 'form_id')


def session_start(record, event):
    claim = tuple(text(record, name) for name in ('traffic_source', 'traffic_medium', 'campaign_name'))
    event.claim = claim if any(claim) else None


def session_end(record, event):
    """Its sums are kept, not checked, never believed."""


def micros(value):
    """Millionths, halves away from zero."""
    scaled = abs(value * 1e6)
    whole = int(scaled)
    whole += scaled - whole >= 0.5
    return -whole if value < 0 else whole


BY_TYPE = {'page_view': page_view, 'click': click, 'scroll': scroll, 'form_submit': form_submit,
           'video_play': video_play, 'custom_event': custom_event, 'session_start': session_start,
           'session_end': session_end}
