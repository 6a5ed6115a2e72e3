"""Cases about user agents: what they tell, what only the client claims, and which are no people's."""
from case_kit import HOUR, MINUTE, SECOND, page, view

AGENTS = (
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:121.0) Gecko/20100101 Firefox/121.0',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 Safari/605.1.15',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_1_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.1 '
    'Mobile/15E148 Safari/604.1',
    'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 '
    'Safari/604.1',
    'Mozilla/5.0 (Linux; Android 13; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Mobile Safari/537.36',
    'Mozilla/5.0 (Linux; Android 12; SM-T870) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/116.0.0.0 Safari/537.36',
    'Mozilla/5.0 (Linux; Android 9; AFTS Build/PS7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/70.0.1 Mobile Safari/537.36',
    'Mozilla/5.0 (SMART-TV; Linux; Tizen 5.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/5.0 TV Safari/538.1',
    'Mozilla/5.0 (PlayStation 4 1.51) AppleWebKit/536.26 (KHTML, like Gecko)',
    'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0',
    'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36',
    'Mozilla/5.0 (X11; U; OpenBSD i386; en-US; rv:1.8.1) Gecko/20061223 Firefox/2.0',
    'Opera/9.80 (J2ME/MIDP; Opera Mini/5.0.18741/18.794; U; en) Presto/2.4.15',
    'Mozilla/5.0 (compatible; MSIE 10.0; Windows Phone 8.0; Trident/6.0; IEMobile/10.0; ARM; Touch; NOKIA; Lumia 920)',
    'Nokia6100/1.0 (04.01) Profile/MIDP-1.0 Configuration/CLDC-1.0',
    'Mozilla/5.0 (Mobile; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5',
    'Mozilla/5.0 (Linux; U; Android 4.0.3; de-de; KFTT Build/IML74K) AppleWebKit/535.19 (KHTML, like Gecko) Silk/3.4 '
    'Safari/535.19',
    'of nothing that anyone knows', 'käse/1.0 (日本語; İ)', ' ', 'Firefox/99\tChrome/1\nSafari', '\u0000',
)
CLAIMS = ({}, {'device_type': 'tablet', 'browser': 'Claimed', 'browser_version': '7', 'os': 'ClaimOS', 'os_version': '8.1',
               'device_brand': 'Claim', 'device_model': 'C1'},
          {'device_type': 'unknown', 'screen_width': 800, 'browser_version': '3', 'os_version': '4', 'device_model': 'M'},
          {'browser': '(none)', 'os': 'unknown', 'screen_resolution': '320x480'})


def agent(deck):
    """Every kind of device, alone and against every kind of claim; the session's is the earliest that tells."""
    for text in AGENTS:
        for fields in CLAIMS:
            session, t = deck.fresh('agent'), deck.start()
            view(deck, t, session, '/agent', site_id='docs', user_agent=text, **fields)
            view(deck, t - SECOND, session, '/agent', site_id='docs', user_agent='of nothing', arrival=t + SECOND)
            view(deck, t + SECOND, session, '/agent', site_id='docs', user_agent=AGENTS[0])


def long_agent(deck):
    """What stands behind the part that is looked at says nothing, and no letter is cut in two there."""
    for before in (2040, 2048 - len('Firefox/121.0'), 2047, 2048, 5000):
        for letter in 'xä':
            text = letter * (before // len(letter.encode())) + ' Firefox/121.0'
            view(deck, deck.start(), deck.fresh('long-agent'), '/agent', site_id='docs', user_agent=text)


CRAWLER, HEADLESS = 'Googlebot/2.1 (+http://www.google.com/bot.html)', 'Mozilla/5.0 HeadlessChrome/120.0.0.0 Safari/537.36'


def walk(deck, session, times, **fields):
    """A page view at each of the times, in this order of arrival."""
    arrival = max(times)
    for n, t in enumerate(times):
        view(deck, t, session, f'/walk/{n}', site_id='docs', arrival=arrival + n, **fields)


def verdict(deck):
    """An agent in the middle of a session: what came before stays counted, what comes after is a bot's. The next
    session of the key starts as one, one after all is forgotten does not."""
    for text in (CRAWLER, HEADLESS, CRAWLER + ' Selenium'):
        session, t = deck.fresh('verdict'), deck.start(6 * HOUR)
        for n in range(3):
            view(deck, t + n * MINUTE, session, f'/before/{n}', site_id='docs')
        view(deck, t + 4 * MINUTE, session, '/verdict', site_id='docs', user_agent=text, user_id='u-bot')
        view(deck, t + 5 * MINUTE, session, '/after', site_id='docs', country='AT')
        deck.event(t + 6 * MINUTE, 'scroll', session, scroll_depth=80, site_id='docs', page_url=page('docs', '/after'))
        deck.event(t + 6 * MINUTE, 'custom_event', session, event_name='purchase', event_value=3)
        view(deck, t + 2 * MINUTE, session, '/late', site_id='docs', arrival=t + 20 * MINUTE)
        view(deck, t + 40 * MINUTE, session, '/again', site_id='docs')
        view(deck, t + 5 * HOUR, session, '/new', site_id='docs')


def first_event(deck):
    """A bot from its first event on; a duplicate of it; one that is too late."""
    session, t = deck.fresh('bot'), deck.start(5 * HOUR)
    record = view(deck, t, session, '/', site_id='docs', user_agent=CRAWLER)
    deck.send(record, t, t + MINUTE)
    deck.event(t + SECOND, 'session_end', session)
    view(deck, t + 2 * SECOND, session, '/gone', site_id='docs', user_agent=CRAWLER, arrival=t + 3 * HOUR)


def late_verdict(deck):
    """Published and counted, and a bot after all."""
    session, t = deck.fresh('late-verdict'), deck.start(4 * HOUR)
    view(deck, t, session, '/cart', site_id='docs', referrer='https://www.bing.com/search')
    view(deck, t + 3 * MINUTE, session, '/checkout', site_id='docs')
    view(deck, t + 2 * MINUTE, session, '/x', site_id='docs', user_agent=CRAWLER, arrival=t + 50 * MINUTE)


def bot_bridge(deck):
    """Two sessions, either a bot or none, and what joins them; together they may be one."""
    kinds = ({'user_agent': CRAWLER}, {}, {'user_agent': ''})
    for a in kinds:
        for b in kinds:
            for between in ({}, {'user_agent': HEADLESS}):
                session, t = deck.fresh('bot-bridge'), deck.start(4 * HOUR)
                walk(deck, session, [t, t + MINUTE], **a)
                walk(deck, session, [t + 45 * MINUTE, t + 46 * MINUTE], **b)
                view(deck, t + 25 * MINUTE, session, '/between', site_id='docs', arrival=t + 50 * MINUTE, **between)
    session, t = deck.fresh('bridge-together'), deck.start(5 * HOUR)
    walk(deck, session, [t + n * MINUTE for n in range(6)], user_agent='')
    walk(deck, session, [t + 50 * MINUTE + n * MINUTE for n in range(5)])
    view(deck, t + 28 * MINUTE, session, '/between', site_id='docs', arrival=t + 58 * MINUTE)


def bridge_views(deck):
    """The first three page views of two sessions are the first that came."""
    for gap in (100, 700):
        session, t = deck.fresh('bridge-views'), deck.start(4 * HOUR)
        times = [t + 40 * MINUTE, t, t + 40 * MINUTE + gap, t + 40 * MINUTE + 2 * gap]
        for n, at in enumerate(times):
            view(deck, at, session, f'/b/{n}', site_id='docs', arrival=t + 41 * MINUTE + n)
        view(deck, t + 20 * MINUTE, session, '/between', site_id='docs', arrival=t + 42 * MINUTE)


def rate(deck):
    """So many events in the minute of the newest one, and no more; older ones do not count; a minute that ends."""
    for n, behind in ((120, 0), (121, 0), (121, 5), (119, 3)):
        session, t = deck.fresh('rate'), deck.start() // MINUTE * MINUTE
        for i in range(n - behind):
            deck.event(t + i * 400, 'custom_event', session, event_name='tick')
        for i in range(behind):
            deck.event(t - 1 - i, 'custom_event', session, event_name='older', arrival=t + 50 * SECOND + i)
        deck.event(t + 59 * SECOND, 'scroll', session, scroll_depth=1, page_url=page('docs', '/'), site_id='shop')
    session, t = deck.fresh('rate-parts'), deck.start() // MINUTE * MINUTE
    for i in range(240):
        deck.event(t + 30 * SECOND + i * 250, 'custom_event', session, event_name='tick')


def burst(deck):
    """The first three page views, each less than half a second from the one before it, whichever came first."""
    for gaps in ((499, 499), (500, 1), (1, 500), (0, 0), (-400, -499), (-600, 10), (400, -800), (499,)):
        session, t = deck.fresh('burst'), deck.start()
        times = [t]
        for gap in gaps:
            times.append(times[-1] + gap)
        walk(deck, session, times)
        walk(deck, session, [t + MINUTE, t + MINUTE + 1, t + MINUTE + 2])


def no_interaction(deck):
    """Ten page views and nothing else; with something before the tenth, or after; half of a verdict."""
    for views, click in ((9, None), (10, None), (10, 5), (10, 12), (12, 9)):
        for text in ('cases/1.0', ''):
            session, t = deck.fresh('silent'), deck.start()
            for n in range(views):
                view(deck, t + n * 20 * SECOND, session, f'/silent/{n}', site_id='docs',
                     user_agent=text if n == views - 1 else 'cases/1.0')
            if click is not None:
                kind, more = deck.rng.choice((('click', {}), ('scroll', {'scroll_depth': 3}),
                                              ('form_submit', {'form_success': True})))
                deck.event(t + click * 20 * SECOND - 1, kind, session, site_id='docs', **more)
            deck.event(t + 13 * 20 * SECOND, 'custom_event', session, event_name='x', site_id='docs', user_agent=text)


CASES = (agent, long_agent, verdict, first_event, late_verdict, bot_bridge, bridge_views, burst, no_interaction)
ONCE = (rate,)
