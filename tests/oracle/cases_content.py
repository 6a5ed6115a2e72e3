"""Cases about what events say: sources, goals, funnels, forms, videos, devices, values, many pages and visitors."""
from urllib.parse import quote

from case_kit import HOUR, MINUTE, SECOND, page, view

REFERRERS = (*'''
    https://www.google.com/search?q=weir https://google.co.uk/ http://www.google.fr https://www.bing.com/search
    https://duckduckgo.com/ https://images.google.de/imgres?x=1 https://m.facebook.com/l.php https://t.co/abc
    https://www.reddit.com/r/x https://mail.google.com/mail/u/0 https://outlook.live.com/
    https://mail.yahoo.com/ https://chatgpt.com/ https://gemini.google.com/app https://www.perplexity.ai/search
    https://claude.ai/chat/1 https://copilot.microsoft.com https://x.com/i/grok/1 https://x.com/someone
    https://ad.doubleclick.net/x android-app://com.google.android.gm android-app://org.example.reader/path
    ANDROID-APP://Org.Example.Reader https://partner.example/a?b#c HTTP://user:pw@WWW.Partner.Example:8080/x
    https://shop.example/before https://www.shop.example/ https://shop.example.org/ https://sub.shop.example/
    about:blank https:///nohost ftp://files.example/x android-app:// google.com
'''.split(),)
QUERIES = (*'''
    ?utm_source=news&utm_medium=email&utm_campaign=march ?utm_source=ads&utm_medium=CPC ?gclid=abc ?wbraid=1
    ?msclkid=1&utm_campaign=b%C3%BCro+1 ?utm_medium=+Social+&utm_source=x ?utm_medium=organic ?utm_medium=email
    ?utm_medium=referral&utm_source=friend ?utm_medium=banner&utm_source=b ?utm_medium=banner
    ?utm_source=a&utm_source=b ?utm_campaign=lonely ?utm_source=a%26b&utm_campaign=%E2%82%AC
    ?x=1#utm_source=fragment ?dclid=7&utm_medium=cpm ?utm_medium=retargeting ?utm_source=chatgpt.com
'''.split(), '')
CLAIMS = (('mail', 'email', 'spring'), ('direct', None, 'x'), ('(direct)', 'none', None), (None, 'cpc', None),
          ('partner', None, None), ('friend', 'referral', 'y'), (None, None, 'alone'), (None, 'unheard', None))


def referrer(deck):
    """Every kind of referrer, alone and with every kind of campaign."""
    for text in REFERRERS:
        queries = ('', deck.rng.choice(QUERIES))
        for query in queries:
            view(deck, deck.start(), deck.fresh('referrer'), '/landing', referrer=text, query=query)


def campaign(deck):
    """Every kind of campaign; the first page view that is neither direct nor dark speaks for the session."""
    for query in QUERIES:
        session, t = deck.fresh('campaign'), deck.start()
        view(deck, t, session, '/plain', referrer=deck.rng.choice((None, 'about:blank', 'https://shop.example/')))
        view(deck, t + MINUTE, session, '/landing', query=query)
        view(deck, t + 2 * MINUTE, session, '/landing', query='?utm_source=too-late-to-count')
        view(deck, t + MINUTE // 2, deck.fresh('campaign'), '/landing', query=query,
             referrer=deck.rng.choice(REFERRERS))
    session, t = deck.fresh('campaign-first'), deck.start()
    view(deck, t + MINUTE, session, '/landing', query='?utm_source=second')
    view(deck, t, session, '/landing', query='?utm_source=first', arrival=t + 40 * MINUTE)


def claim(deck):
    """session_start's claim counts where no page view says more."""
    for source, medium, name in CLAIMS:
        for query in (None, '', '?gclid=1'):
            session, t = deck.fresh('claim'), deck.start()
            deck.event(t, 'session_start', session, traffic_source=source, traffic_medium=medium, campaign_name=name)
            deck.event(t + SECOND, 'session_start', session, traffic_source='later', campaign_name='later')
            if query is not None:
                view(deck, t + 2 * SECOND, session, '/claimed', query=query, referrer='about:blank')


def goal(deck):
    """Each goal, two at once that pay once, one below min_value, amounts to the millionth, negative and none."""
    for value in (99.99, 100, 250.125001, 0.000001, -5.5, None, 1e-7, 4.35):
        session, t = deck.fresh('goal'), deck.start()
        view(deck, t, session, '/thanks/' if value == 100 else '/thinks/x')
        deck.event(t + MINUTE, 'custom_event', session, event_name='purchase', event_value=value,
                   page_url=page('shop', '/buy'))
    session, t = deck.fresh('refund'), deck.start()
    deck.event(t, 'custom_event', session, event_name='refund', event_value=-12.34)
    deck.event(t, 'form_submit', session, form_id='f', form_success=True, page_url=page('shop', '/signup/now'))
    deck.event(t + MINUTE, 'video_play', session, video_id='goal')
    deck.event(deck.start(), 'form_submit', deck.fresh('goal'), form_success=False, page_path='/signup')


def funnel(deck):
    """The furthest attempt, the first of equals; the limit of time, to the millisecond; steps of one time; one event
    a step."""
    walks = (
        ('cart 0', 'checkout 1', 'purchase 2'), ('cart 0', 'checkout 20', 'purchase 20'),
        ('cart 0', 'checkout 20.00002'), ('cart 0', 'cart 10', 'checkout 13', 'purchase 25'),
        ('cart 0', 'checkout 5', 'cart 10', 'checkout 12'), ('checkout 0', 'purchase 1'),
        ('cart 0', 'checkout 0', 'purchase 0'), ('checkout 0', 'cart 0'), ('cart 0', 'purchase 1', 'checkout 2'),
        ('again 0', 'done 1'), ('again 0', 'again 1', 'done 2'), ('again 0', 'again 0', 'again 1', 'done 1'))
    for walk in walks:
        session, t = deck.fresh('funnel'), deck.start()
        for step in walk:
            name, minutes = step.split()
            at = t + round(float(minutes) * MINUTE)
            if name == 'purchase':
                deck.event(at, 'custom_event', session, event_name=name, site_id='blog', event_value=10)
            else:
                view(deck, at, session, '/' + name, site_id='blog')


def late_funnel(deck):
    """A step in the middle comes after publication."""
    session, t = deck.fresh('late-funnel'), deck.start(3 * HOUR)
    view(deck, t, session, '/cart')
    deck.event(t + 10 * MINUTE, 'custom_event', session, event_name='purchase', event_value=1)
    view(deck, t + 5 * MINUTE, session, '/checkout/x', arrival=t + 55 * MINUTE)


def form(deck):
    """Starts under both names, submits with and without success and form_id, errors with a tie."""
    t = deck.start()
    for n, error in enumerate(('email', 'phone', 'phone', 'email', None, 'ärger')):
        session = deck.fresh('form')
        name = deck.rng.choice(('form_start', 'form_focus'))
        deck.event(t + n, 'custom_event', session, event_name=name, form_id=f'f{n % 2}')
        deck.event(t + n + SECOND, 'form_submit', session, form_id=f'f{n % 2}' if n < 5 else None,
                   form_success=error is None, form_error=error, form_fields={'mail': 'x'}, form_name='n')


def video(deck):
    t = deck.start()
    for n in range(9):
        session = deck.fresh('video')
        for autoplay in ((True, False), (None,), (True,))[n % 3]:
            deck.event(t + n * SECOND, 'video_play', session, video_id=f'film-{n % 2}', autoplay=autoplay,
                       visitor_id=f'viewer-{n % 4}', play_time_seconds=1.5, video_duration_seconds=90)


def element(deck):
    """Clicks on elements, one without a name; on a page without a view, on one with views only in another window."""
    t = deck.start()
    for n in range(12):
        session = deck.fresh('element')
        if n % 3:
            view(deck, t + n * 40 * SECOND, session, f'/el/{n % 3}', site_id='docs')
        deck.event(t + n * 41 * SECOND, 'click', session, element_id=('buy', 'menu', None)[n % 3], site_id='docs',
                   page_url=page('docs', f'/el/{n % 2}'), x_position=1.5, y_position=-2, visitor_id=f'clicker-{n % 5}')


def device(deck):
    """Claims, widths, both, neither; what a later event carries when the first does not."""
    claims = ({'device_type': 'mobile'}, {'device_type': 'unknown', 'screen_width': 767}, {'screen_width': 768},
              {'screen_resolution': '1024x700'}, {'screen_resolution': '300x500', 'screen_width': 2000},
              {'device_type': '(none)'}, {'device_type': 'tv', 'screen_width': 100}, {'viewport_width': 100},
              {'screen_width': 0})
    for n, fields in enumerate(claims):
        session, t = deck.fresh('device'), deck.start()
        view(deck, t, session, '/device', site_id='docs', **fields)
        view(deck, t + SECOND, session, '/device', site_id='docs', device_type='tablet',
             browser=('Firefox', '(none)')[n % 2], os='Linux', country='AT')
        view(deck, t + 2 * SECOND, session, '/device', site_id='docs', browser='unknown', region='Tirol', os='BSD')


PERSONAL = ('ann@example.com', 'jörg@exämple.de', '4111111111111111', '4111-1111-1111-1111', '378282246310005',
            '+4930123456', '+1 (555) 123-4567')
ALMOST_PERSONAL = ('ann@example', '@example.com', '4111111111111112', '1711111111111', '+1234567', '+1234567890123456',
                   'x4111111111111111', '52.4111111111111111', '(email)')


def personal(deck):
    """Addresses and numbers, and what only looks like one, in query strings and forms: plain, encoded, encoded twice,
    escaped, as names and numbers; elsewhere they stay. In campaigns and search terms they become part of a key."""
    for text in PERSONAL + ALMOST_PERSONAL:
        for form in (lambda x: x, quote, lambda x: quote(quote(x)), lambda x: ''.join(f'%{b:02x}' for b in x.encode())):
            value = form(text).replace(' ', '+')
            session, t = deck.fresh('personal'), deck.start()
            view(deck, t, session, '/a', query=f'?x=1&y={value}&z=2#{value}', referrer=f'https://partner.example/{value}')
            view(deck, t + SECOND, session, '/b', referrer=f'https://www.google.com/search?q=call+{value}')
            view(deck, t + 2 * SECOND, deck.fresh('personal'), '/c', query=f'?utm_source={value}&utm_campaign=to-{value}')
            deck.event(t + 3 * SECOND, 'click', session, target_url=f'/c?{value}', element_text=text)
            deck.event(t + 4 * SECOND, 'form_submit', session, form_success=True,
                       form_fields={'a': value, 'b': [f'my "{text}"\n', {text: 7}], 'c': 4111111111111111, 'd': 41, 'e': None})
            view(deck, t + 5 * SECOND, session, '/d', page_path=f'/d?{value}', site_id='docs')
    for source, medium, name in (('ann@example.com', 'email', '+4930123456'), ('x', None, 'for ann@example.com')):
        deck.event(deck.start(), 'session_start', deck.fresh('personal'), traffic_source=source, traffic_medium=medium,
                   campaign_name=name)


def place(deck):
    """Addresses that the database knows, those of which it knows the country alone or nothing, none, and no addresses;
    with claims that agree and that do not. The first event that carries a country decides the session's."""
    addresses = ('81.2.69.142', '::ffff:81.2.69.142', '2.125.160.217', '2001:218::7', '202.196.224.9', '10.0.0.1', '::1',
                 '81.2.69', '2a02:cf40::1', None)
    claims = ({}, {'country': 'GB', 'region': 'Kent', 'city': 'Dover'}, {'country': 'JP', 'region': 'Tokyo'}, {'city': 'X'},
              {'country': '(none)', 'region': 'unknown'})
    for address in addresses:
        for claim in claims:
            session, t = deck.fresh('place'), deck.start()
            view(deck, t, session, '/place', site_id='docs', ip_address=address, **claim)
            view(deck, t + SECOND, session, '/place', site_id='docs', ip_address=deck.rng.choice(addresses))


def scroll(deck):
    """Deepest of each page and session, fractions, 0, a page that is scrolled and not viewed."""
    session, t = deck.fresh('scroll'), deck.start()
    view(deck, t, session, '/scroll/a', site_id='docs')
    for n, depth in enumerate((10, 75.5, 50, 0, 100)):
        deck.event(t + n * SECOND, 'scroll', session, scroll_depth=depth, scroll_direction='down', site_id='docs',
                   page_url=page('docs', '/scroll/' + 'aabcb'[n]))
    for depth in (12, 37, 61, 88):
        deck.event(t + MINUTE, 'scroll', deck.fresh('scroll'), scroll_depth=depth, site_id='docs',
                   page_url=page('docs', '/scroll/a'))


def load_time(deck):
    t = deck.start()
    for n in range(25):
        view(deck, t + n * SECOND, deck.fresh('load'), f'/load/{n % 2}', site_id='docs',
             page_load_time_ms=(0, 600_000, deck.rng.randrange(5000), None)[n % 4], dom_complete_ms=1)


def value(deck):
    """Event values of every size and sign, alone and in one sum; 0 is a value."""
    t = deck.start()
    amounts = (1_000_000_000_000, -999_999_999_999.5, 0, 0.1, 0.2, -0.0000005, 1.0000025, 12345678.912345, None)
    for n, amount in enumerate(amounts):
        for name in ('value', f'value-{n}'):
            deck.event(t, 'custom_event', deck.fresh('value'), event_name=name, event_value=amount, site_id='docs',
                       event_category='c', event_label='l')


def unicode(deck):
    """Letters beyond ASCII in all that becomes a key; | and % in names; what JSON escapes."""
    for text in ('käse', '日本語', '😀', 'a|b%c', 'quote"\\', 'tab\there', '\u0000', '\u2028', 'İ'):
        session, t = deck.fresh('ü' + text), deck.start()
        view(deck, t, session, '/x', page_path='/' + text, country=text, region=text, browser=text, user_id=text,
             query='?utm_campaign=' + '%F0%9F%98%80', site_id='docs')
        deck.event(t, 'click', session, element_id=text, page_path='/' + text, site_id='docs')
        deck.event(t, 'custom_event', session, event_name=text, site_id='docs', page_path='/' + text)
        deck.event(t, 'form_submit', session, form_id=text, form_error=text, form_success=False, site_id='docs')
        deck.event(t, 'video_play', session, video_id=text, site_id='docs')


def scores(deck):
    """Every part of the quality score."""
    for session in ('with', None):
        for agent in ('cases/1.0', None, ''):
            for path in ('/x', '/tour/viewer/1'):
                t, who = deck.start(), deck.fresh('score')
                view(deck, t, session and who, path, user_agent=agent,
                     visitor_id=None if session else who, site_id='docs')
                deck.event(
    t,
    'custom_event',
    session and who,
    event_name='n',
    user_agent=agent,
    visitor_id=who,
     page_path=path)


def local_day(deck):
    """Around midnight and the change of the clocks in New York, where the blog lives."""
    for at in (1_710_046_800_000, 1_710_054_000_000, 1_710_129_600_000):
        for step in (-1, 0, 1, MINUTE):
            view(deck, at + step, deck.fresh('day'), '/day', site_id='blog', referrer='https://partner.example/',
                 country='US')


def many_pages(deck):
    """More paths and views than a session keeps; a hundred of them scrolled; a late view among the first."""
    session, t = deck.fresh('pages'), deck.start(4 * HOUR)
    for n in range(260):
        view(deck, t + n * 20 * SECOND, session, f'/many/{n}', site_id='docs')
        if n % 2:
            deck.event(t + n * 20 * SECOND + 5, 'scroll', session, scroll_depth=n % 101, site_id='docs',
                       page_url=page('docs', f'/many/{n}'))
    view(deck, t + 90 * SECOND, session, '/many/late', site_id='docs', arrival=t + 100 * MINUTE)
    view(deck, t + 90 * MINUTE, session, '/many/5', site_id='docs', arrival=t + 100 * MINUTE)


def many_visitors(deck):
    """Beyond the number up to which uniques are exact, in one window."""
    t = deck.start() // (5 * MINUTE) * 5 * MINUTE
    for n in range(1500):
        view(
    deck,
    t + n * 199,
    deck.fresh('crowd'),
    '/crowd',
    site_id='docs',
    visitor_id=f'crowd-{n % 1400}',
     country='DE')


def many_hits(deck):
    """More hits of funnel steps than a session keeps: the step that comes after them is not seen."""
    for ticks in (999, 1000):
        session, t = deck.fresh('hits'), deck.start(4 * HOUR)
        for n in range(ticks):
            deck.event(t + n * SECOND, 'custom_event', session, event_name='tick')
        deck.event(t + ticks * SECOND, 'custom_event', session, event_name='tock')


CASES = (referrer, campaign, claim, goal, funnel, late_funnel, form, video, element, device, personal, place, scroll, load_time, unicode,
         scores, local_day)
ONCE = (many_pages, many_visitors, many_hits, value)
