"""The lists of search engines, networks, assistants, webmail hosts and ad networks, and which of them a host is."""
import os
import re

import yaml

from settings import plain_host

# Of two lists that know a host by the same name the first here counts.
LISTS = (('paid', 'ad_networks'), ('email', 'webmail'), ('ai_assistant', 'AIAssistants'), ('ai_assistant', 'assistants'), ('social', 'Socials'),
         ('organic', 'SearchEngines'))
COUNTRY = '[a-z]{2}'
COUNTRY_ENDING = '(?:(?:com|co|org|net|it|edu)\\.)?[a-z]{2}'


class Entry:
    """One listed host, with `{}` for a country, or host and path."""

    def __init__(self, rank, kind, name, text):
        host, slash, path = text.partition('/')
        self.rank, self.kind, self.name = rank, kind, name
        self.host, self.path = plain_host(host.lower()), slash + path
        self.pattern = re.compile('(?:.*\\.)?(' + self.expression() + ')')

    def expression(self):
        parts = re.escape(self.host).replace(r'\{\}', '{}')
        if parts.endswith('{}'):
            parts = parts[:-2] + COUNTRY_ENDING
        return parts.replace('{}', COUNTRY)

    def length(self, host):
        """How much of the host's end it names, 0 where it is not its."""
        found = self.pattern.fullmatch(host)
        return len(found[1]) if found else 0


def urls_of(value):
    for item in value:
        if isinstance(item, dict):
            yield from item.get('urls', [])
        else:
            yield item


def load(folder):
    entries = []
    for rank, (kind, stem) in enumerate(LISTS):
        path = os.path.join(folder, stem + '.yml')
        with open(path, encoding='utf-8') as file:
            listed = yaml.load(file, Loader=yaml.BaseLoader) or {}
        entries += [Entry(rank, kind, name, url) for name, value in listed.items() for url in urls_of(value)]
    return entries


class Directory:
    def __init__(self, folder):
        entries = load(folder)
        self.with_path = [e for e in entries if e.path]
        self.patterns = [e for e in entries if not e.path and '{}' in e.host]
        self.by_host, self.known = {}, {}
        for entry in entries:
            if not entry.path and '{}' not in entry.host:
                self.by_host.setdefault(entry.host, entry)

    def find(self, host, path):
        """(class, name) of the longest entry: those with a path first, then those of the host alone."""
        key = (host, path)
        if key not in self.known:
            self.known[key] = self.search(host, path)
        return self.known[key]

    def search(self, host, path):
        found = [(-e.length(host) - len(e.path), e.rank, e) for e in self.with_path
                 if path.startswith(e.path) and e.length(host)] or self.by_host_alone(host)
        best = min(found, key=lambda f: f[:2], default=None)
        return best and (best[2].kind, best[2].name)

    def by_host_alone(self, host):
        found = [(-e.length(host), e.rank, e) for e in self.patterns if e.length(host)]
        labels = host.split('.')
        for n in range(len(labels)):
            entry = self.by_host.get('.'.join(labels[n:]))
            if entry:
                found.append((-len(entry.host), entry.rank, entry))
                break
        return found
