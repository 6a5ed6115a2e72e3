"""Cases about time, sessions and who: disorder, bridges, withdrawals, duplicates, lateness."""
from case_kit import (BEGIN, DISORDER, END, HOUR, LATENESS, MINUTE, NOW, SECOND, TIMEOUT, line, view)


def bridge(deck):
    """Two sessions, published or not, that a late event makes one; three that become one, the later two first."""
    for gap, delay in ((50, 51), (50, 84), (59, 80)):
        session, t = deck.fresh('bridge'), deck.start()
        view(deck, t, session, '/one')
        view(deck, t + gap * MINUTE, session, '/three')
        view(deck, t + gap * MINUTE + 4 * SECOND, session, '/four')
        view(deck, t + gap // 2 * MINUTE, session, '/two', arrival=t + delay * MINUTE, query='?utm_source=late')
    session, t = deck.fresh('chain'), deck.start()
    for minute in (0, 32, 64):
        view(deck, t + minute * MINUTE, session, f'/chain/{minute}')
    for n, minute in enumerate((48, 16)):
        view(deck, t + minute * MINUTE, session, f'/chain/{minute}', arrival=t + 65 * MINUTE + n * SECOND)


def withdrawal(deck):
    """Ended sessions are published at once; then they are bridged, and a duplicate of the later one comes."""
    session, t = deck.fresh('withdrawal'), deck.start(3 * HOUR)
    for minute in (0, 40):
        view(deck, t + minute * MINUTE, session, f'/ended/{minute}', user_id=f'u{minute}')
        deck.event(t + minute * MINUTE + 9 * SECOND, 'session_end', session)
    bridging = view(deck, t + 20 * MINUTE, session, '/ended/between', arrival=t + 75 * MINUTE)
    deck.send(bridging, t + 20 * MINUTE, t + 76 * MINUTE)
    deck.event(t + 41 * MINUTE, 'click', session, arrival=t + 77 * MINUTE, element_id='afterwards')


def gaps(deck):
    """Gaps of exactly the timeout join, one millisecond more cuts; backwards in time, too."""
    for more in (0, 1):
        session, t = deck.fresh('gap'), deck.start(3 * HOUR)
        view(deck, t, session, '/gap')
        view(deck, t + TIMEOUT + more, session, '/gap', user_id=None)
        session = deck.fresh('gap-back')
        view(deck, t + TIMEOUT + more, session, '/gap')
        view(deck, t, session, '/gap', arrival=t + TIMEOUT + 2 * MINUTE)


def long_session(deck):
    """Longer than max_duration; two that a bridge must not join: nearer to the earlier, in the middle, nearer to the
    later. Together they would be too long."""
    session, t = deck.fresh('long'), BEGIN + deck.rng.randrange(HOUR)
    for n in range(27 * 3):
        view(deck, t + n * 20 * MINUTE, session, f'/long/{n % 7}')
    for after in (20, 25, 30):
        session = deck.fresh('two-long')
        for n in range(71):
            view(deck, t + n * 20 * MINUTE, session, '/first')
        last = t + 70 * 20 * MINUTE
        for n in range(4):
            view(deck, last + 50 * MINUTE + n * 20 * MINUTE, session, '/second')
        view(deck, last + after * MINUTE, session, '/between', arrival=last + 50 * MINUTE + SECOND)
    edge(deck, t)


def edge(deck, t):
    """A session that reaches max_duration to the millisecond, and one that would pass it by one."""
    for more in (0, 1):
        session = deck.fresh('edge')
        for n in range(24 * 3):
            view(deck, t + n * 20 * MINUTE, session, '/edge')
        view(deck, t + 24 * HOUR + more, session, '/edge/last')
        view(deck, t + 24 * HOUR + 5 * MINUTE, session, '/edge/after')


def explicit_end(deck):
    """session_end closes; what comes after it joins all the same; an end may come late, or after the timeout."""
    session, t = deck.fresh('end'), deck.start(3 * HOUR)
    view(deck, t, session, '/end')
    deck.event(t + 20 * SECOND, 'session_end', session, session_duration_seconds='never', pages_visited=[1],
               events_count={})
    deck.event(t + 60 * SECOND, 'click', session, element_id='after-end')
    view(deck, t + 5 * SECOND, session, '/end/late', arrival=t + 3 * MINUTE)
    session = deck.fresh('end-late')
    view(deck, t, session, '/end')
    deck.event(t + MINUTE, 'session_end', session, arrival=t + 50 * MINUTE)
    deck.event(t + 2 * MINUTE, 'session_start', deck.fresh('only-start'))
    deck.event(t + 3 * MINUTE, 'session_end', deck.fresh('only-end'), arrival=t + 40 * MINUTE)


def derived(deck):
    """No session_id: the visitor is the session; visitor and user of one text are one visitor."""
    for who in ({'user_id': 'anna'}, {'visitor_id': 'bert'}, {'visitor_id': 'carl', 'user_id': 'carla'},
                {'user_id': 'bert'}):
        who = {name: deck.fresh(value) if value != 'bert' else value for name, value in who.items()}
        t = deck.start()
        for n in range(4):
            fields = {'visitor_id': None, **who, 'site_id': 'docs'}
            view(deck, t + n * (11 * MINUTE + n * 7 * MINUTE), None, f'/derived/{n}', **fields)
    session, t = deck.fresh('nobody'), deck.start()
    view(deck, t, session, '/nobody', visitor_id=None)
    view(deck, t + MINUTE, session, '/nobody', visitor_id=None, user_agent=None)


def changing_user(deck):
    """The user of a session changes with what comes late: from none to one, to an earlier one; after publication."""
    session, t = deck.fresh('user'), deck.start(3 * HOUR)
    view(deck, t, session, '/who', visitor_id=None)
    view(deck, t + MINUTE, session, '/who', user_id='second')
    deck.event(t + 2 * MINUTE, 'custom_event', session, event_name='identify', user_id='third', visitor_id='other')
    deck.event(t + 30 * SECOND, 'click', session, user_id='first', element_id='who', arrival=t + 50 * MINUTE)
    deck.event(t + 30 * SECOND, 'click', session, user_id='tie', element_id='who', arrival=t + 51 * MINUTE)


def duplicate(deck):
    """Sent again: at once, late, after the session's gap, with another time, under another key, twice in one window."""
    for delay in (0, SECOND, 10 * MINUTE, 45 * MINUTE, 59 * MINUTE, 62 * MINUTE, 3 * HOUR):
        session, t = deck.fresh('dup'), deck.start(4 * HOUR)
        record = view(deck, t, session, '/dup', event_id=deck.fresh('dup'))
        deck.send(record, t, t + delay + 1)
    for minutes in (20, 25, 35, 50, 70):
        session, t = deck.fresh('dup-moved'), deck.start(3 * HOUR)
        record = view(deck, t, session, '/dup')
        view(deck, t + 40 * MINUTE, session, '/dup/other')
        moved = t + minutes * MINUTE
        deck.send({**record, 'timestamp': moved, 'event_type': 'click'}, moved, max(moved, t + 41 * MINUTE))
    session, t = deck.fresh('dup-again'), deck.start(3 * HOUR)       # the first time counts, no duplicate renews it
    for minutes in (0, 50, 100):
        view(deck, t + minutes * MINUTE, session, '/dup', event_id=session)
    t, same = deck.start(), deck.fresh('same')
    for session in (deck.fresh('dup-key'), deck.fresh('dup-key')):
        view(deck, t, session, '/dup', event_id=same)
        view(deck, t, session, '/dup', event_id=same, site_id='docs')


def disorder(deck):
    """A session whose events come shuffled, some before W and some not, ties of time among them."""
    session, t = deck.fresh('disorder'), deck.start(3 * HOUR)
    for _ in range(30):
        at = t + deck.rng.randrange(40) * 30 * SECOND
        delay = deck.rng.choice((0, 5, 29, 30, 31, 90, 600, 3000)) * SECOND
        kind = deck.rng.choice(('page_view', 'click', 'scroll'))
        depth = deck.rng.randrange(101) if kind == 'scroll' else None
        deck.event(at, kind, session, arrival=at + delay, page_url=f'https://shop.example/d/{deck.rng.randrange(5)}',
                   scroll_depth=depth, country=deck.rng.choice((None, 'DE', 'FR')),
                   user_id=deck.rng.choice((None, 'x')))


def lateness(deck):
    """To the millisecond: the watermark, and the end of allowed lateness, on either side."""
    def at(session, below):
        def make(w):
            t = w - below
            return t, line(deck.record(t, 'page_view', session, page_url='https://shop.example/late'))
        return make
    for below in (0, 1, LATENESS, LATENESS + 1, LATENESS + 5 * MINUTE, -1):
        session = deck.fresh('lateness')
        deck.push(deck.start(), session, None, at(session, below))


def storm(deck):
    """A few keys, times on a coarse grid around the timeout, any delay: what no one has thought of."""
    start = deck.start(8 * HOUR)
    for _ in range(3):
        session = deck.fresh('storm')
        for _ in range(40):
            t = start + deck.rng.randrange(33) * 10 * MINUTE + deck.rng.choice((0, 0, 1, SECOND))
            kind = deck.rng.choice(('page_view', 'page_view', 'click', 'session_end', 'session_start'))
            record = deck.event(t, kind, session, arrival=t + deck.rng.randrange(70) * MINUTE,
                                event_id=f'{session}-{deck.rng.randrange(60)}')
            if deck.rng.random() < 0.2:
                deck.send(record, t, t + deck.rng.randrange(70) * MINUTE)


def future(deck, partitions):
    """At the very end of each partition: beyond the records' time but allowed, and what is too late after it."""
    for key in partitions:
        last = NOW + HOUR
        for n, t in enumerate((NOW + MINUTE, NOW - DISORDER - LATENESS, NOW - DISORDER - LATENESS - 1, END)):
            record = deck.record(t, 'page_view', f'future-{key}', page_url='https://shop.example/future')
            deck.push(last + n, key, t, line(record))


CASES = (bridge, withdrawal, gaps, explicit_end, derived, changing_user, duplicate, disorder, lateness, storm)
ONCE = (long_session,)
