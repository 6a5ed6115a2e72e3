"""The fold of one partition: what is late, what is a duplicate, which session an event joins. It knows no clock but
W, closes nothing and publishes nothing."""
import heapq

from bots import Suspect

NEVER = -(1 << 62)
ID_LIMIT = 65_536
PATH_LIMIT = 200


class Session:
    def __init__(self, key, event):
        self.key = key                      # the text of session_key
        self.first = self.last = event.t
        self.events, self.paths = [], {}
        self.ended = self.full = False
        self.late = self.duplicates = 0
        self.suspect = Suspect()

    @property
    def bot(self):
        return self.suspect.bot

    def add(self, event, signals, rules):
        self.suspect.judge(event, signals, rules)
        event.bot, event.bot_reasons = self.bot, self.suspect.names()
        self.first, self.last = min(self.first, event.t), max(self.last, event.t)
        self.events.append(event)
        self.ended |= event.type == 'session_end'
        self.late += event.late
        if event.type in ('page_view', 'scroll') and event.path is not None and not self.bot:
            self.name_path(event)

    def name_path(self, event):
        known = self.paths.get(event.path)
        if known is None:
            if len(self.paths) == PATH_LIMIT:
                return
            known = self.paths[event.path] = [event.order, None]
        if event.type == 'scroll':
            known[1] = event.scroll_depth if known[1] is None else max(known[1], event.scroll_depth)

    def take_in(self, other):
        """Bridged: the other is the later one and is withdrawn."""
        self.first, self.last = min(self.first, other.first), max(self.last, other.last)
        self.events += other.events
        self.ended |= other.ended
        self.full |= other.full
        self.late += other.late
        self.duplicates += other.duplicates
        self.suspect.take_in(other.suspect)
        for path, (order, depth) in other.paths.items():
            mine = self.paths.setdefault(path, [order, None])
            mine[0] = min(mine[0], order)
            mine[1] = max((d for d in (mine[1], depth) if d is not None), default=None)
        kept = sorted(self.paths.items(), key=lambda item: item[1][0])[:PATH_LIMIT]
        self.paths = dict(kept)

    def distance(self, t):
        return max(self.first - t, t - self.last, 0)

    def length_with(self, t):
        return max(self.last, t) - min(self.first, t)


class Key:
    """What is kept of one (site, session_id)."""

    def __init__(self):
        self.ids, self.sessions = {}, []


class Partition:
    def __init__(self, settings, topic, agents):
        self.s, self.topic, self.agents = settings, topic, agents
        self.highest = NEVER
        self.keys = {}
        self.merged, self.forgotten = {}, []

    @property
    def arrival(self):
        return 0 if self.highest == NEVER else self.highest

    def take(self, event, tally):
        """'too_late', 'duplicate', or None for an event that counts."""
        w = self.highest - self.s.disorder
        self.highest = max(self.highest, min(event.t, self.s.now))
        if event.t < w - self.s.lateness:
            return 'too_late'
        name = (event.site, event.session)
        key = self.keys.get(name)
        if key is None:
            key = self.keys[name] = Key()
        self.forget(key, w)
        if self.seen(key, event, w):
            near = self.near(key, event.t)
            if near:
                min(near, key=lambda s: (s.distance(event.t), s.first)).duplicates += 1
            return 'duplicate'
        event.late = event.t < w
        self.join(key, event, w, tally)
        return None

    def forget(self, key, w):
        gone = [s for s in key.sessions if w > s.last + self.s.timeout + self.s.lateness]
        if gone:
            self.forgotten += gone
            key.sessions = [s for s in key.sessions if s not in gone]

    def seen(self, key, event, w):
        known = key.ids.get(event.id)
        if known is not None and known[0] >= w - self.s.lateness:
            return True
        key.ids[event.id] = (event.t, event.order)
        if len(key.ids) > ID_LIMIT:
            self.forget_ids(key, w)
        return False

    def forget_ids(self, key, w):
        key.ids = {i: at for i, at in key.ids.items() if at[0] >= w - self.s.lateness}
        for i in heapq.nsmallest(len(key.ids) - ID_LIMIT, key.ids, key.ids.get):
            del key.ids[i]

    def near(self, key, t):
        return [s for s in key.sessions if s.distance(t) <= self.s.timeout]

    def candidates(self, near, t):
        """At most two, the earlier first."""
        fit = sorted((s for s in near if s.length_with(t) <= self.s.max_duration),
                     key=lambda s: (s.distance(t), s.first))
        if len(fit) > 2 and fit[0].distance(t) == 0:
            return fit[:1]
        two = sorted(fit[:2], key=lambda s: s.first)
        if len(two) == 2 and max(two[0].last, two[1].last) - two[0].first > self.s.max_duration:
            return fit[:1]
        return two

    def join(self, key, event, w, tally):
        near = self.near(key, event.t)
        found = self.candidates(near, event.t)
        if not found:
            for session in near:
                session.full |= event.t > session.last
            text = f'{self.topic}|{event.site}|{event.session}|{event.t}'
            found = [Session(text, event)]
            for kept in key.sessions:
                if kept.bot:
                    found[0].suspect.inherit(kept.suspect)
            key.sessions += found
        elif any(w > s.last + self.s.timeout or (s.ended and w >= s.last) for s in found):
            tally['amended'] += 1
        session = found[0]
        convicted = any(s.bot for s in found) and bool(session.events)
        before = sum(len(s.events) for s in found if not s.bot)
        for later in found[1:]:
            session.take_in(later)
            key.sessions.remove(later)
            self.merged[later.key] = session.key
        session.add(event, self.agents.signals(event), self.s.bots)
        if session.bot:
            event.verdict = ([] if convicted else session.suspect.names(), before)
        event.session_key = session.key

    def sessions(self):
        """All of them, when the input has ended."""
        return self.forgotten + [s for key in self.keys.values() for s in key.sessions]
