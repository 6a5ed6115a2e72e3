"""What a session carries at the end of input."""
from collections import Counter

import funnels
import traffic

VIEW_LIMIT = 200


class Closed:
    """A session with all that its record and its contributions to the KPIs are made of."""

    def __init__(self, session, settings, judge):
        self.session = session
        self.events = sorted(session.events, key=lambda e: (e.t, e.order))
        self.views = [e for e in self.events if e.type == 'page_view']
        self.stored = [e for e in self.views if not e.bot]
        self.count = Counter(e.type for e in self.events)
        self.duration = session.last - session.first
        self.site = self.events[0].site
        claims = [e for e in self.events if e.type == 'session_start' and e.claim]
        self.traffic = traffic.of_session(judge, self.views, claims)
        self.referrer_host = traffic.referrer_host(judge, self.views)
        self.conversions, self.revenue = conversions(settings.goals, self.events)
        self.hits = funnels.kept_hits(settings.all_funnels, self.events) if settings.all_funnels else []
        self.funnels = funnels.of_session(settings.funnels, self.hits)
        self.user_id = carried(self.events, 'user_id')
        self.pages = pages(self.stored, session.last)
        self.device = carried(self.events, 'device', 'unknown')
        self.browser, self.os, self.country, self.region = (
            carried(self.events, name, '(none)') for name in ('browser', 'os', 'country', 'region'))
        self.score = settings.bots.score(session.suspect.reasons)
        self.depths = [(path, depth) for path, (_, depth) in session.paths.items() if depth is not None]

    @property
    def bounced(self):
        return len(self.views) == 1

    @property
    def engaged(self):
        return self.duration > 10_000 or len(self.views) >= 2 or bool(self.conversions)

    def user(self, topic):
        """user_id, else visitor_id, else the session: the key of weir.users."""
        who = self.user_id or carried(self.events, 'visitor_id')
        return who or f'(session){topic}|{self.events[0].session}'

    def record(self, topic, money):
        s, count = self.session, self.count
        return {
            'session_key': s.key, 'session_id': self.events[0].session, 'site_id': self.site, 'source_topic': topic,
            'user_id': carried(self.events, 'user_id'), 'visitor_id': carried(self.events, 'visitor_id'),
            'started_at': s.first, 'ended_at': s.last, 'duration_ms': self.duration,
            'events': len(self.events), 'page_views': len(self.views), 'unique_pages': len(s.paths),
            'clicks': count['click'], 'scrolls': count['scroll'],
            'form_starts': sum(e.name == 'form_start' for e in self.events),
            'form_submits': count['form_submit'],
            'form_successes': sum(e.form_success is True for e in self.events),
            'video_plays': count['video_play'], 'custom_events': count['custom_event'],
            'max_scroll_depth': max((e.scroll_depth for e in self.events if e.type == 'scroll'), default=None),
            'entry_page': self.stored[0].path if self.stored else None,
            'exit_page': self.stored[-1].path if self.stored else None,
            'pages': [{'path': p, 'at': at, 'time_on_page_ms': ms} for p, at, ms in self.pages],
            'source': self.traffic.source, 'medium': self.traffic.medium, 'campaign': self.traffic.campaign,
            'referrer_host': self.referrer_host, 'device_type': self.device, 'browser': self.browser, 'os': self.os,
            'country': self.country, 'region': self.region, 'is_bounce': self.bounced, 'is_engaged': self.engaged,
            'conversions': self.conversions, 'revenue': money(self.revenue),
            'funnel_steps': {name: len(times) for name, times in self.funnels.items()},
            'quality_score': sum(e.score for e in self.events) / len(self.events) / 100,
            'is_bot': s.bot, 'bot_score': money(self.score), 'bot_reasons': s.suspect.names(),
            'duplicates': s.duplicates, 'late': s.late,
            'close_reason': 'max_duration' if s.full else 'explicit' if s.ended else 'timeout',
        }


def carried(events, name, absent=None):
    """The value of the earliest event that carries one; `unknown` and `(none)` of a device or place are not carried."""
    for event in events:
        value = getattr(event, name)
        if value and not (absent and value in ('unknown', '(none)')):
            return value
    return absent


def conversions(goals, events):
    """(ids of the goals met, in configuration order; revenue in millionths)."""
    met, revenue = set(), 0
    for event in events:
        hit = [goal for goal in goals if goal.match.meets(event)]
        met.update(goal.id for goal in hit)
        if event.value is not None and any(goal.revenue for goal in hit):
            revenue += event.value
    return [goal.id for goal in goals if goal.id in met], revenue


def pages(views, end):
    """(path, at, time on page) of the first 200 views by time."""
    until = [view.t for view in views[1:]] + [end]
    return [(view.path, view.t, after - view.t) for view, after in zip(views[:VIEW_LIMIT], until)]
