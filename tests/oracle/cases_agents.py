"""Cases about user agents: what they tell, what only the client claims, and which are no people's."""
from case_kit import SECOND, view

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


CASES = (agent, long_agent)
ONCE = ()
