"""Where a session came from: sessions.md, "Traffic source"."""
import re
from typing import NamedTuple, Optional
from urllib.parse import unquote_plus

import personal
from events import split_http
from settings import plain_host

PAID_MEDIA = {'cpc', 'ppc', 'paid', 'paidsearch', 'cpm', 'display', 'retargeting'}
CLICK_IDS = (('gclid', 'google'), ('gbraid', 'google'), ('wbraid', 'google'), ('dclid', 'google'),
             ('msclkid', 'bing'))
ANDROID = re.compile('android-app://([^/?#]+)', re.I)


class Traffic(NamedTuple):
    medium: str
    source: str
    campaign: str


class Referrer(NamedTuple):
    kind: str                   # 'none' | 'own' | 'dark' | 'host'
    host: Optional[str] = None
    path: str = ''


DIRECT = Traffic('direct', '(direct)', '(none)')


def query_of(url):
    """The first value of each name, form-decoded; what is empty is absent."""
    values = {}
    query = url.partition('#')[0].partition('?')[2] if url else ''
    for pair in query.split('&') if query else ():
        name, _, value = pair.partition('=')
        values.setdefault(unquote_plus(name), unquote_plus(value))
    return {name: value for name, value in values.items() if value}


class Judge:
    def __init__(self, settings, directory):
        self.settings, self.directory = settings, directory
        self.seen_views, self.seen_referrers = {}, {}

    def referrer(self, event):
        key = (event.site, event.url and split_http(event.url)[0], event.referrer)
        if key not in self.seen_referrers:
            self.seen_referrers[key] = self.read_referrer(*key)
        return self.seen_referrers[key]

    def read_referrer(self, site, page_host, text):
        if not text:
            return Referrer('none')
        app = ANDROID.match(text)
        split = split_http(text, '/?#\\')
        if not app and not split:
            return Referrer('dark')
        host = plain_host(app[1].lower() if app else split[0])
        own = self.settings.site(site).domains
        if host in own or (page_host and host == plain_host(page_host)):
            return Referrer('own', host)
        path = '' if app else re.split('[?#]', split[1], maxsplit=1)[0]
        return Referrer('host', host, path)

    def view(self, event):
        """The traffic source that a page view speaks for."""
        key = (event.site, event.url, event.referrer)
        if key not in self.seen_views:
            self.seen_views[key] = self.judge_view(event)
        return self.seen_views[key]

    def judge_view(self, event):
        referrer = self.referrer(event)
        listed = self.directory.find(referrer.host, referrer.path) if referrer.kind == 'host' else None
        traffic = classify(query_of(event.url), referrer, listed)
        if not self.settings.mask_pii:
            return traffic
        names = classify(query_of(personal.mask_url(event.url)[0]), referrer, listed)
        return traffic._replace(source=names.source, campaign=names.campaign)

    def claim(self, claim):
        """That of a session_start, read like utm; None where it says nothing, or says direct."""
        source, medium, campaign = claim
        if source and source.strip().lower() in ('direct', '(direct)'):
            return None
        query = {'utm_source': source, 'utm_medium': medium, 'utm_campaign': campaign}
        traffic = classify({k: v for k, v in query.items() if v}, Referrer('none'), None)
        if traffic.medium == 'direct':
            return None
        if not self.settings.mask_pii:
            return traffic
        return traffic._replace(source=personal.mask(traffic.source)[0], campaign=personal.mask(traffic.campaign)[0])


def classify(query, referrer, listed):
    clicked = next((source for name, source in CLICK_IDS if name in query), None)
    medium = query.get('utm_medium', '').strip().lower()
    kind, listed_name = listed or (None, None)
    host = referrer.host if referrer.kind == 'host' else None
    name = query.get('utm_source') or clicked or listed_name or host
    return Traffic(class_of(clicked, medium, kind, query, referrer), name or unnamed(medium, clicked, referrer),
                   query.get('utm_campaign') or '(none)')


def class_of(clicked, medium, kind, query, referrer):
    if clicked or medium in PAID_MEDIA or kind == 'paid':
        return 'paid'
    for name in ('email', 'social', 'organic'):
        if medium == name or kind == name:
            return name
    if medium == 'referral':
        return 'referral'
    if kind == 'ai_assistant':
        return 'ai_assistant'
    if 'utm_source' in query:
        return 'campaign'
    return {'host': 'referral', 'dark': 'dark'}.get(referrer.kind, 'direct')


def unnamed(medium, clicked, referrer):
    named_medium = medium in PAID_MEDIA or medium in ('email', 'social', 'organic', 'referral')
    return '(dark)' if referrer.kind == 'dark' and not named_medium and not clicked else '(direct)'


def of_session(judge, views, claims):
    """Of the page views and session_starts of a session, both by time."""
    first = None
    for view in views:
        traffic = judge.view(view)
        if traffic.medium not in ('direct', 'dark'):
            return traffic
        first = first or traffic
    claimed = next(filter(None, (judge.claim(start.claim) for start in claims)), None)
    return claimed or first or DIRECT


def referrer_host(judge, views):
    hosts = (judge.referrer(view) for view in views)
    return next((r.host for r in hosts if r.kind == 'host'), None)
