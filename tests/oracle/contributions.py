"""What events, records and closed sessions add to the five-minute windows: raw values, no sketches."""
from collections import Counter, defaultdict

from metrics import FAMILIES

WINDOW, DAY = 300_000, 86_400_000
ALL = '(all)'
FEEDS = {}
for _family, _spec in FAMILIES.items():
    for _type in _spec.late_types:
        FEEDS.setdefault(_type, []).append(_family)
DEVICE_VIEWS = {'mobile': 'mobile_views', 'desktop': 'desktop_views', 'tablet': 'tablet_views'}


def add(cell, name, amount=1):
    cell[name] = cell.get(name, 0) + amount


def sample(cell, name, value):
    cell.setdefault(name, []).append(value)


def unique(cell, name, value):
    cell.setdefault(name, set()).add(value)


def vote(cell, name, value):
    cell.setdefault(name, Counter())[value] += 1


class Windows:
    """cells[site, family][window start][key] is a dict: int sums, lists of samples, sets, Counters."""

    def __init__(self, judge):
        self.judge = judge
        self.cells = defaultdict(lambda: defaultdict(lambda: defaultdict(dict)))
        self.late = defaultdict(Counter)

    def cell(self, site, family, t, *key):
        return self.cells[site, family][t - t % WINDOW][key]

    def day(self, site, family, t):
        """Cohorts have days alone."""
        return self.cells[site, family][t - t % DAY][()]

    # Records, by arrival.

    def record(self, topic, arrival, outcome, event=None, amended=False):
        """outcome: 'valid', 'too_late', 'duplicate', or the reason of a dead letter."""
        cell = self.cell(ALL, 'quality', arrival, topic)
        add(cell, 'events_in')
        if event is None:
            add(cell, 'dead_letters_' + outcome)
            return
        add(cell, 'valid')
        if outcome == 'duplicate':
            add(cell, 'duplicates')
            return
        add(cell, 'quality_score_sum', event.score)
        add(cell, 'quality_score_count')
        add(cell, 'pii_masked', event.personal)
        if outcome == 'too_late':
            add(cell, 'too_late')
            return
        add(cell, 'amended', int(amended))
        add(cell, 'bot_events', int(event.bot))
        if event.verdict:
            reasons, before = event.verdict
            add(cell, 'bot_events_before_verdict', before)
            for reason in reasons:
                add(cell, 'bot_sessions_' + reason)
        if event.late:
            add(cell, 'late')
            self.late[ALL, 'quality'][arrival - arrival % WINDOW] += 1

    # Events, by their own time.

    def bot_event(self, e):
        cells = {'site': self.cell(e.site, 'site', e.t)}
        add(cells['site'], 'bot_events')
        if e.type == 'page_view':
            cells['pages'] = self.cell(e.site, 'pages', e.t, e.path or '(none)')
            add(cells['pages'], 'bot_views')
        if e.late:
            for family in cells:
                self.late[e.site, family][e.t - e.t % WINDOW] += 1

    def event(self, e):
        if e.bot:
            return self.bot_event(e)
        site = self.cell(e.site, 'site', e.t)
        add(site, 'events')
        if e.late:
            self.count_late(e)
        handler = BY_TYPE.get(e.type)
        if handler:
            handler(self, e, site)

    def count_late(self, e):
        kind = 'form_start' if e.name == 'form_start' else None
        for family in {*FEEDS.get(e.type, ()), *FEEDS.get(kind, ())}:
            self.late[e.site, family][e.t - e.t % WINDOW] += 1

    def page_view(self, e, site):
        path = e.path or '(none)'
        page = self.cell(e.site, 'pages', e.t, path)
        geo = self.cell(e.site, 'geo', e.t, e.country, e.region)
        for cell in (site, page, geo):
            add(cell, 'page_views')
            unique(cell, 'unique_visitors', e.visitor)
        add(self.cell(e.site, 'devices', e.t, e.device, e.browser, e.os), 'page_views')
        add(self.cell(e.site, 'elements', e.t, path, None), 'page_views')
        if e.load_ms is not None:
            for cell in (site, page):
                add(cell, 'page_load_ms_sum', e.load_ms)
                add(cell, 'page_load_ms_count')
                sample(cell, 'page_load_ms', e.load_ms)
        if e.device in DEVICE_VIEWS:
            add(page, DEVICE_VIEWS[e.device])
        self.page_votes(e, page)

    def page_votes(self, e, page):
        referrer = self.judge.referrer(e)
        if referrer.kind == 'host':
            vote(page, 'referrers', referrer.host)
        if e.country != '(none)':
            vote(page, 'countries', e.country)

    def click(self, e, site):
        path = e.path or '(none)'
        element = self.cell(e.site, 'elements', e.t, path, e.element or '(none)')
        for cell in (site, element, self.cell(e.site, 'pages', e.t, path)):
            add(cell, 'clicks')
        unique(element, 'unique_visitors', e.visitor)

    def scroll(self, e, site):
        add(site, 'scroll_events')

    def form_submit(self, e, site):
        form = self.cell(e.site, 'forms', e.t, e.form or '(none)')
        add(form, 'submits')
        add(form, 'successes', int(e.form_success))
        add(site, 'form_successes', int(e.form_success))
        if e.form_error:
            vote(form, 'errors', e.form_error)

    def video_play(self, e, site):
        video = self.cell(e.site, 'videos', e.t, e.video)
        add(video, 'plays')
        add(video, 'autoplays', int(e.autoplay or 0))
        unique(video, 'unique_visitors', e.visitor)

    def custom_event(self, e, site):
        if e.name == 'form_start':
            add(self.cell(e.site, 'forms', e.t, e.form or '(none)'), 'starts')
            add(site, 'form_starts')
        named = self.cell(e.site, 'events', e.t, e.name)
        add(named, 'count')
        unique(named, 'unique_visitors', e.visitor)
        if e.value is not None:
            add(named, 'event_value_sum', e.value)
            add(named, 'event_values')

    # Closed sessions, by their start.

    def session(self, closed, funnels):
        if closed.session.bot:
            return
        t, site = closed.session.first, closed.site
        self.session_of_site(closed, self.cell(site, 'site', t))
        self.session_of_sources(closed, self.cell(site, 'sources', t, *closed.traffic))
        for cell in (self.cell(site, 'devices', t, closed.device, closed.browser, closed.os),
                     self.cell(site, 'geo', t, closed.country, closed.region)):
            self.session_basics(closed, cell)
        self.session_of_pages(closed, t, site)
        for funnel in funnels:
            if funnel.id in closed.funnels:
                self.session_of_funnel(funnel, closed.funnels[funnel.id], site, t)

    def session_basics(self, closed, cell):
        add(cell, 'sessions')
        add(cell, 'bounces', int(closed.bounced))
        add(cell, 'sessions_with_views', int(bool(closed.views)))
        add(cell, 'session_duration_ms', closed.duration)

    def session_of_site(self, closed, cell):
        self.session_basics(closed, cell)
        for name in ('sessions_started', 'sessions_closed'):
            add(cell, name)
        add(cell, 'engaged', int(closed.engaged))
        add(cell, 'session_page_views', len(closed.views))
        add(cell, 'conversions', int(bool(closed.conversions)))
        add(cell, 'revenue', closed.revenue)
        sample(cell, 'session_duration_s', closed.duration / 1000)

    def session_of_sources(self, closed, cell):
        self.session_basics(closed, cell)
        add(cell, 'conversions', int(bool(closed.conversions)))
        add(cell, 'revenue', closed.revenue)

    def session_of_pages(self, closed, t, site):
        def page(path):
            return self.cell(site, 'pages', t, path or '(none)')
        for path in closed.session.paths:
            add(page(path), 'unique_sessions')
        for path, _, on_page in closed.pages:
            add(page(path), 'time_on_page_ms', on_page)
            add(page(path), 'time_on_page_count')
        for path, depth in closed.depths:
            sample(page(path), 'scroll_depth', depth)
        if closed.views:
            add(page(closed.views[-1].path), 'exits')
            entry = page(closed.views[0].path)
            add(entry, 'entries')
            add(entry, 'bounces', int(closed.bounced))
            add(entry, 'conversions', int(bool(closed.conversions)))
            add(entry, 'entry_duration_ms', closed.duration)

    def session_of_funnel(self, funnel, times, site, t):
        steps = [self.cell(site, 'funnels', t, funnel.id, str(n + 1)) for n in range(len(funnel.steps))]
        for n, cell in enumerate(steps):
            entered, reached_next = n < len(times), n + 1 < len(times)
            add(cell, 'entered_first')
            add(cell, 'entered', int(entered))
            add(cell, 'completed', int(reached_next))
            add(cell, 'entered_before', int(0 < n <= len(times)))
            add(cell, 'drop_off', int(entered and not reached_next and n + 1 < len(steps)))
            if reached_next:
                sample(cell, 'time_to_next_s', (times[n + 1] - times[n]) / 1000)


BY_TYPE = {name: getattr(Windows, name) for name in
           ('page_view', 'click', 'scroll', 'form_submit', 'video_play', 'custom_event')}
