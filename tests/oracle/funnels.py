"""Hits of funnels, and funnels of scope session: docs/interpretations.md, 11. Those of scope user: users.py."""

HIT_LIMIT = 1000


def kept_hits(funnels, events):
    """Of events by time, the first 1,000 that hit a step of any funnel."""
    hits = [e for e in events if any(step.meets(e) for funnel in funnels for step in funnel.steps)]
    return hits[:HIT_LIMIT]


def attempt(funnel, hits, start):
    """The times of the steps reached by the attempt that starts with hits[start]."""
    reached = [hits[start].t]
    for event in hits[start + 1:]:
        if len(reached) == len(funnel.steps) or event.t - reached[0] > funnel.within:
            break
        if funnel.steps[len(reached)].meets(event):
            reached.append(event.t)
    return reached


def furthest(funnel, hits):
    """Step times of the furthest attempt, the first of those; empty if none started."""
    best = []
    for start, event in enumerate(hits):
        if len(best) == len(funnel.steps):
            break
        if funnel.steps[0].meets(event):
            tried = attempt(funnel, hits, start)
            if len(tried) > len(best):
                best = tried
    return best


def of_session(funnels, hits):
    """funnel id -> step times, of the funnels that were entered."""
    found = {funnel.id: furthest(funnel, hits) for funnel in funnels} if hits else {}
    return {name: times for name, times in found.items() if times}
