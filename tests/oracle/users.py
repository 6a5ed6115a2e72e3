"""The users stage: a fold over the set of each user's closed sessions. It has no state and knows no order of arrival:
the sessions are sorted, and what they come to is worked out once."""
from collections import defaultdict

from contributions import add, sample

DAY = 86_400_000
DAYS = {'d1': (1, 1), 'd7': (7, 7), 'd30': (30, 30), **{f'w{k}': (7 * k, 7 * k + 6) for k in range(1, 13)}}
LINGERING, MANY_VIEWS = 30_000, 5
HITS_A_DAY = 2_000                      # of one funnel: the first count


class Users:
    def __init__(self, settings, windows):
        self.settings, self.windows = settings, windows
        self.of = defaultdict(list)         # (site, user) -> (partition, closed session)

    def take(self, partition, closed):
        self.of[closed.site, closed.user(self.settings.topic)].append((partition, closed))

    def count(self, watermark):
        """Adds all that users come to; yields their records. Those of users who have expired need not exist."""
        s = self.settings
        expired_below = watermark - s.max_duration - s.timeout - s.lateness - s.users_retention
        for (site, user), sessions in self.of.items():
            sessions.sort(key=lambda s: (s[1].session.first, s[1].session.key, s[0]))
            lives = self.lives([closed for _, closed in sessions])
            for life in lives:
                self.life(site, life)
            self.funnels(site, sessions)
            made = record(site, user, lives[-1])
            yield {**made, 'expired': made['last_seen'] < expired_below}

    def lives(self, sessions):
        """Cut wherever there was no session for longer than users.retention."""
        lives, seen = [], None
        for closed in sessions:
            if not lives or closed.session.first - seen > self.settings.users_retention:
                lives.append([])
                seen = closed.session.last
            lives[-1].append(closed)
            seen = max(seen, closed.session.last)
        return lives

    def life(self, site, sessions):
        first = sessions[0].session.first
        add(self.windows.cell(site, 'site', first), 'new_visitors')
        cohort = self.windows.day(site, 'retention', first)
        add(cohort, 'cohort_size')
        active = {day(s.session.first) - day(first) for s in sessions}
        for name, (begin, end) in DAYS.items():
            add(cohort, name + '_users', int(any(begin <= d <= end for d in active)))
        for n, closed in enumerate(sessions):
            self.journey(site, closed, n == 0)

    def journey(self, site, closed, first):
        cell = self.windows.cell(site, 'journeys', closed.session.first, journey_type(closed, first), tier(closed))
        for name in ('sessions', 'stage_entry', 'stage_exit'):
            add(cell, name)
        add(cell, 'session_duration_ms', closed.duration)
        for name in ('conversions', 'stage_conversion'):
            add(cell, name, int(bool(closed.conversions)))
        add(cell, 'stage_engagement', int(any(ms >= LINGERING for _, _, ms in closed.pages)))

    def funnels(self, site, sessions):
        for funnel in self.settings.user_funnels:
            hits = [(e.t, closed.session.key, partition, e.order, e)
                    for partition, closed in sessions for e in closed.hits
                    if any(step.meets(e) for step in funnel.steps)]
            hits = [hit[-1] for hit in sorted(hits, key=lambda hit: hit[:4])]
            for times in attempts(funnel, first_of_days(hits)):
                self.windows.session_of_funnel(funnel, times, site, times[0])


def day(t):
    return t // DAY


def journey_type(closed, first):
    if closed.user_id:
        return 'authenticated_user'
    return 'new_visitor' if first else 'returning_visitor'


def tier(closed):
    if not closed.engaged:
        return 'low'
    return 'high' if len(closed.views) >= MANY_VIEWS or closed.conversions else 'medium'


def first_of_days(hits):
    """The first hits of each day, in order."""
    seen = defaultdict(int)
    for event in hits:
        seen[day(event.t)] += 1
        if seen[day(event.t)] <= HITS_A_DAY:
            yield event


def attempts(funnel, hits):
    """Step times of each attempt. One begins with a hit of step 1 and lasts to its last step, or for `within`; until
    then no other begins."""
    made = []
    times = None                            # of the attempt that is under way
    for event in hits:
        if times is not None and event.t - times[0] > funnel.within:
            times = None
        if times is None:
            if funnel.steps[0].meets(event):
                times = [event.t]
                made.append(times)
        elif funnel.steps[len(times)].meets(event):
            times.append(event.t)
        if times is not None and len(times) == len(funnel.steps):
            times = None
    return made


def record(site, user, life):
    closed = life[-1]
    return {
        'site_id': site, 'user': user, 'first_seen': life[0].session.first,
        'last_seen': max(s.session.last for s in life), 'cohort_day': day(life[0].session.first) * DAY,
        'sessions': len(life), 'active_days': len({day(s.session.first) for s in life}),
        'page_views': sum(len(s.views) for s in life), 'conversions': sum(bool(s.conversions) for s in life),
        'revenue': sum(s.revenue for s in life), 'journey_type': journey_type(closed, len(life) == 1),
        'journey_index': len(life)}
