"""Every reason for which a web record is a dead letter, and what is just good enough not to be one."""
from case_kit import NOW, MINUTE, SECOND, line, page

WRONG = {
    'wrong_type': (('event_id', 7), ('event_type', True), ('timestamp', True), ('timestamp', {}),
                   ('session_id', 1), ('user_id', []), ('visitor_id', 2.5), ('site_id', 3), ('page_url', {}),
                   ('page_path', 1), ('page_title', 1), ('referrer', False), ('user_agent', 1), ('country', 1),
                   ('properties', 'x'), ('metadata', []), ('user_props', 1), ('screen_width', 1.5),
                   ('viewport_height', '100'), ('page_load_time_ms', 1.0), ('dom_complete_ms', '1'),
                   ('screen_resolution', 1024)),
    'out_of_range': (('event_id', 'x' * 129), ('session_id', '~mine'), ('session_id', 'ü' * 129),
                     ('user_id', 'x' * 129), ('visitor_id', 'x' * 200), ('site_id', 'a b'),
                     ('site_id', 'x' * 101), ('site_id', 'ä'), ('page_url', 'https://shop.example/' + 'x' * 2030),
                     ('page_url', 'https://shop.example/a b'), ('page_load_time_ms', 600_001),
                     ('page_load_time_ms', -1), ('screen_width', -5), ('screen_resolution', 'wide')),
    'missing_field': (('event_id', ''), ('event_id', None), ('event_type', None), ('timestamp', ''),
                      ('page_url', None), ('page_url', '')),
    'unknown_event_type': (('event_type', 'purchase'), ('event_type', 'Page_View')),
    'invalid_timestamp': (('timestamp', 'yesterday'), ('timestamp', 170_000_000_000), ('timestamp', 1709985600.5),
                          ('timestamp', '2024-02-30T00:00:00Z'), ('timestamp', '2024-03-10T24:00:00Z'),
                          ('timestamp', '1709985600'), ('timestamp', '2024-03-10 10:00:00Z'),
                          ('timestamp', '2024-03-10T10:00:00'), ('timestamp', -1709985600),
                          ('timestamp', '2024-03-10T10:00:00.1234567890Z')),
    'timestamp_in_future': (('timestamp', NOW + 5 * MINUTE + 1), ('timestamp', '2025-01-01T00:00:00+01:00')),
    'invalid_url': (('page_url', '/relative'), ('page_url', 'ftp://shop.example/'), ('page_url', 'https:///path'),
                    ('page_url', 'https://user@/x'), ('page_url', 'shop.example')),
}
BY_TYPE = (('scroll', {'scroll_depth': None}), ('scroll', {'scroll_depth': '50'}),
           ('scroll', {'scroll_depth': 100.5}), ('scroll', {'scroll_depth': -1}),
           ('form_submit', {'form_success': None}), ('form_submit', {'form_success': 'yes'}),
           ('form_submit', {'form_success': True, 'form_fields': 'x'}), ('video_play', {'video_id': None}),
           ('video_play', {'video_id': 'x', 'autoplay': 'yes'}), ('custom_event', {'event_name': None}),
           ('custom_event', {'event_name': 'x', 'event_value': '1'}),
           ('custom_event', {'event_name': 'x', 'event_value': 1e13}),
           ('custom_event', {'event_name': 'x', 'event_value': -1_000_000_000_001}), ('click', {'element_id': 5}),
           ('click', {'x_position': 'left'}), ('session_start', {'traffic_source': 1}))
NOT_JSON = (b'{', b'nonsense', b'{"a":1}}', b'{"a":01}', b'{"a":+1}', b'{"a":.5}', b'{"a":NaN}', b'{"a":1e999}',
            b'[1,]', b'{"a":18446744073709551616}', b'{"a":-9223372036854775809}', b'{"a":"\xff"}',
            b'{"a":"\xed\xa0\x80"}', b'{"a":"\\ud800"}', b'{"a":"\\udc00\\ud800"}', b'{"a":"\\x"}',
            b'{"a":"tab\there"}', b"{'a':1}", b'\xef\xbb\xbf{}', b'{"a":1,}', b'   ', b'{"a":tru}', b'{"a" 1}',
            b'{"a":"\\u12"}', b'{"a":1}x', b'[' * 32 + b'}')
NO_OBJECT = (b'[]', b'1', b'"text"', b'null', b'[{"event_id":"x"}]', b'true', b'[' * 32 + b']' * 32)
TOO_DEEP = (b'[' * 33 + b']' * 33, b'{"a":' + b'[' * 32 + b'1' + b']' * 32 + b'}', b'[' * 33 + b'\xff',
            b'[' * 5000)


def base(deck, kind='page_view', **fields):
    return deck.record(deck.start(), kind, deck.fresh('fault'), **fields)


def bad(deck, payload):
    deck.push(deck.start(), deck.fresh('fault'), None, payload)


def fields(deck):
    """One fault at a time."""
    for faults in WRONG.values():
        for name, wrong in faults:
            bad(deck, line({**base(deck), name: wrong}))
    for kind, wrong in BY_TYPE:
        bad(deck, line(base(deck, kind, **wrong)))


def order(deck):
    """Two faults in one record: the first of the tables' order is the reason."""
    for first, second in ((('event_id', 1), ('event_type', 'x')), (('event_type', 'x'), ('timestamp', 'x')),
                          (('timestamp', 'x'), ('session_id', 1)), (('user_id', 1), ('visitor_id', 'x' * 129)),
                          (('visitor_id', 1), ('site_id', '!')), (('site_id', '!'), ('page_url', 'x')),
                          (('page_url', 'x'), ('country', 1)), (('country', 1), ('page_load_time_ms', -1))):
        bad(deck, line({**base(deck), **dict((second, first))}))
    nobody = base(deck)
    for name in ('session_id', 'visitor_id'):
        del nobody[name]
    bad(deck, line(nobody))
    bad(deck, line({**nobody, 'session_id': '', 'user_id': None}))
    bad(deck, line({**nobody, 'site_id': '!'}))


def shapes(deck):
    """No JSON, no object, too deep, too long; blank but not empty."""
    for payload in NOT_JSON + NO_OBJECT + TOO_DEEP:
        bad(deck, payload)
    record = line(base(deck))[:-1]
    bad(deck, record + b',"properties":{"x":"' + b'x' * (1 << 20) + b'"}}')


def just_good(deck):
    """At every limit, from inside; of duplicate names the first; null and empty are absent; escapes."""
    def good(fields, kind='page_view'):
        t = deck.start() // SECOND * SECOND
        record = deck.record(t, kind, deck.fresh('good'), **fields)
        deck.send(record, t, t)
    for fields in ({'event_id': deck.fresh('x') + 'ü' * 110}, {'site_id': 'A.b_c-9'}, {'page_load_time_ms': 600_000},
                   {'page_url': page('shop', '/' + 'x' * 2026)
                                     }, {'page_url': 'HTTP://SHOP.example'}, {'page_title': ''},
                   {'page_url': 'https://shop.example?only=query'}, {'page_url': 'https://shop.example#only-fragment'},
                   {'page_url': 'https://shop.example:8443/a/../b//c;d?e=f/g#h'}, {'user_id': 'x' * 128},
                   {'properties': nested(31)}, {'screen_resolution': '1x1'}, {
                                         'site_id': ''}, {'unheard_of': [1, {'a': None}]},
                   {'event_type': 'pageview'}, {'page_path': '/given', 'page_id': 'p1'}):
        good(fields)
    t = deck.start()
    same = line(deck.record(t, 'page_view', deck.fresh('good'), visitor_id=None))
    deck.push(t, '', t, same[:-1] + \
              b',"event_type":"nonsense","visitor_id":"x","visitor_id":7,"\\u0073ite_id":"no!"}')


def nested(levels):
    return {'a': nested(levels - 1)} if levels > 1 else {}


CASES = (fields, order, just_good)
ONCE = (shapes,)
