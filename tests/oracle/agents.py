"""Device, browser and operating system of a user agent, by uap-core's rules; the type of the device by our own."""
import os
import re

import yaml

AGENT_BYTES = 2048  # of an agent; what is behind them is not looked at
FIELDS = ('device_type', 'browser', 'browser_version', 'os', 'os_version', 'device_brand', 'device_model')


def load(path):
    with open(path, encoding='utf-8') as file:
        return yaml.load(file, Loader=getattr(yaml, 'CSafeLoader', yaml.SafeLoader))


class Rule:
    def __init__(self, listed, replacements):
        flags = re.ASCII | (re.IGNORECASE if listed.get('regex_flag') == 'i' else 0)
        self.pattern = re.compile(listed['regex'], flags)
        self.replacements = [listed.get(name) for name in replacements]

    def values(self, agent):
        """What it says of the agent, one value for each of its replacements; None if it does not match."""
        found = self.pattern.search(agent)
        return found and [self.value(found, n, text) for n, text in enumerate(self.replacements, 1)]

    @staticmethod
    def value(found, n, text):
        def group(number):
            return found[number] or '' if number <= found.re.groups else ''
        if text is None:
            return group(n).strip()
        return re.sub(r'\$(\d)', lambda ref: group(int(ref[1])), str(text)).strip()


class Brands(Rule):
    """Rules of devices: without a replacement the first group is the family and the model; a brand is only given."""

    def values(self, agent):
        found = self.pattern.search(agent)
        if not found:
            return None
        family, brand, model = self.replacements
        first = self.value(found, 1, None)
        return [first if family is None else self.value(found, 1, family),
                '' if brand is None else self.value(found, 1, brand),
                first if model is None else self.value(found, 1, model)]


class Rules:
    def __init__(self, path):
        listed = load(path)
        self.browsers = [Rule(r, ('family_replacement', 'v1_replacement', 'v2_replacement', 'v3_replacement'))
                         for r in listed['user_agent_parsers']]
        self.systems = [Rule(r, ('os_replacement', 'os_v1_replacement', 'os_v2_replacement', 'os_v3_replacement',
                                 'os_v4_replacement')) for r in listed['os_parsers']]
        self.devices = [Brands(r, ('device_replacement', 'brand_replacement', 'model_replacement'))
                        for r in listed['device_parsers']]

    def browser(self, agent):
        return first(self.browsers, agent, 4)

    def system(self, agent):
        return first(self.systems, agent, 5)

    def device(self, agent):
        return first(self.devices, agent, 3)


def first(rules, agent, parts):
    for rule in rules:
        values = rule.values(agent)
        if values:
            return values
    return ['Other'] + [''] * (parts - 1)


class Types:
    """The type of device that rules of our own see in what the others found."""

    def __init__(self, path):
        self.rules = []
        for rule in load(path):
            (what, pattern), = ((k, v) for k, v in rule.items() if k != 'type')
            self.rules.append((rule['type'], what, re.compile(pattern, re.ASCII)))

    def of(self, device, system):
        found = {'device': device[0], 'brand': device[1], 'model': device[2], 'os': system[0]}
        return next((kind for kind, what, pattern in self.rules if pattern.search(found[what])), None)


def version(parts):
    """`1.2.3` up to the first part that is not there."""
    there = next((n for n, part in enumerate(parts) if not part), len(parts))
    return '.'.join(parts[:there])


class Enricher:
    """Gives an event what its agent tells instead of what its client claims."""

    def __init__(self, rules, types):
        self.rules, self.types, self.known = Rules(rules), Types(types), {}

    def enrich(self, event):
        if not event.agent:
            return
        if event.agent not in self.known:
            self.known[event.agent] = self.look_up(event.agent.encode()[:AGENT_BYTES].decode(errors='ignore'))
        for name, value in self.known[event.agent].items():
            setattr(event, name, value or None)

    def look_up(self, agent):
        browser, system, device = self.rules.browser(agent), self.rules.system(agent), self.rules.device(agent)
        facts = {}
        kind = self.types.of(device, system)
        if kind:
            facts['device'] = kind
        if browser[0] not in ('Other', ''):
            facts.update(browser=browser[0], browser_version=version(browser[1:]))
        if system[0] not in ('Other', ''):
            facts.update(os=system[0], os_version=version(system[1:]))
        if device[1] or device[2]:
            facts.update(device_brand=device[1], device_model=device[2])
        return facts
