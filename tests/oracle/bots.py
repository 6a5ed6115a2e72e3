"""Which agents are bots', and what the events of a session say of whether it is one."""
import json
import re
from decimal import Decimal

from agents import AGENT_BYTES

SIGNALS = ('crawler', 'headless', 'empty_agent', 'rate', 'burst', 'no_interaction')
HEADLESS = ('HeadlessChrome', 'PhantomJS', 'Puppeteer', 'Playwright', 'Selenium')
INTERACTIONS = ('scroll', 'click', 'form_submit')
BURST, FIRST_VIEWS, UNANSWERED = 500, 3, 10
MINUTE = 60_000


def lines(path):
    with open(path, encoding='utf-8') as file:
        texts = [line.strip() for line in file]
    return [text for text in texts if text and not text.startswith('#')]


def patterns(path):
    with open(path, encoding='utf-8') as file:
        text = file.read()
    return [item['pattern'] for item in json.loads(text)] if text.lstrip().startswith('[') else lines(path)


def micros(weight):
    return int(Decimal(str(weight)) * 10**6)


class Agents:
    def __init__(self, settings):
        crawlers = [p for path in settings.crawlers for p in patterns(path)]
        self.crawlers = [re.compile(p, re.ASCII) for p in crawlers]
        self.headless = lines(settings.headless) if settings.headless else HEADLESS
        self.known = {}

    def signals(self, event):
        if event.empty_agent:
            return {'empty_agent'}
        if not event.agent:
            return set()
        if event.agent not in self.known:
            self.known[event.agent] = self.look_up(event.agent.encode()[:AGENT_BYTES].decode(errors='ignore'))
        return self.known[event.agent]

    def look_up(self, agent):
        found = set()
        if any(p.search(agent) for p in self.crawlers):
            found.add('crawler')
        if any(name in agent for name in self.headless):
            found.add('headless')
        return found


class Rules:
    def __init__(self, bots, interactive):
        self.threshold = micros(bots['threshold'])
        self.weights = {name: micros(bots['weights'][name]) for name in SIGNALS}
        self.per_minute = int(bots['max_events_per_minute'])
        self.interactive = interactive

    def score(self, reasons):
        return sum(self.weights[name] for name in reasons)


class Suspect:
    """What is known against a session, and the verdict, from its events in the order of the partition."""

    def __init__(self):
        self.bot, self.reasons = False, set()
        self.minute, self.in_minute = None, 0
        self.first_views, self.views, self.interactions = [], 0, 0

    def judge(self, event, signals, rules):
        minute = event.t // MINUTE
        if self.minute is None or minute > self.minute:
            self.minute, self.in_minute = minute, 0
        self.in_minute += minute == self.minute
        self.interactions += event.type in INTERACTIONS
        if event.type == 'page_view':
            self.views += 1
            self.first_views = sorted(self.first_views + [(event.order, event.t)])[:FIRST_VIEWS]
        self.reasons |= signals
        if self.in_minute > rules.per_minute:
            self.reasons.add('rate')
        times = [t for _, t in self.first_views]
        if len(times) == FIRST_VIEWS and all(abs(b - a) < BURST for a, b in zip(times, times[1:])):
            self.reasons.add('burst')
        if rules.interactive and self.views >= UNANSWERED and not self.interactions:
            self.reasons.add('no_interaction')
        self.bot = self.bot or rules.score(self.reasons) >= rules.threshold

    def take_in(self, other):
        if other.minute is not None and (self.minute is None or other.minute > self.minute):
            self.minute, self.in_minute = other.minute, other.in_minute
        elif other.minute == self.minute:
            self.in_minute += other.in_minute
        self.first_views = sorted(self.first_views + other.first_views)[:FIRST_VIEWS]
        self.views += other.views
        self.interactions += other.interactions
        self.inherit(other)

    def inherit(self, other):
        self.bot |= other.bot
        self.reasons |= other.reasons

    def names(self):
        return [name for name in SIGNALS if name in self.reasons]
