"""The metrics of each family: what is summed, counted distinct or sampled, and what is divided by what. The comparer
reads the same table to know which tolerance a metric has."""
from dataclasses import dataclass, field

from bots import SIGNALS

MONEY, HUNDREDTHS = 10**6, 100


@dataclass(frozen=True)
class Family:
    key: tuple
    counts: tuple = ()
    decimals: dict = field(default_factory=dict)        # name -> units of 1
    uniques: tuple = ()
    percentiles: dict = field(default_factory=dict)     # samples -> percents; metric `<samples>_p<percent>`
    ratios: dict = field(default_factory=dict)          # name -> numerator, denominator, divisor
    tops: dict = field(default_factory=dict)            # name -> what is counted
    late_types: tuple = ()                              # event types that feed its event metrics

    def names(self):
        sampled = [f'{name}_p{p}' for name, percents in self.percentiles.items() for p in percents]
        return [*self.counts, *self.decimals, *self.uniques, *self.ratios, *sampled, *self.tops]


def words(text):
    return tuple(text.split())


RETENTION = words('d1 d7 d30 w1 w2 w3 w4 w5 w6 w7 w8 w9 w10 w11 w12')
LOAD = {'page_load_ms': (50, 90, 99)}
BOUNCE = {'bounce_rate': ('bounces', 'sessions_with_views', 1)}
DURATION = {'avg_session_duration_s': ('session_duration_ms', 'sessions', 1000)}

FAMILIES = {
    'site': Family(
        (), words('events page_views page_load_ms_sum page_load_ms_count scroll_events clicks form_starts '
                  'form_successes sessions_started sessions_closed sessions_open sessions_with_views bounces engaged '
                  'session_duration_ms session_page_views conversions new_visitors bot_events'),
        {'revenue': MONEY}, ('unique_visitors',), {**LOAD, 'session_duration_s': (50, 90)},
        {**BOUNCE, 'engaged_rate': ('engaged', 'sessions_closed', 1),
         'avg_session_duration_s': ('session_duration_ms', 'sessions_closed', 1000),
         'pages_per_session': ('session_page_views', 'sessions_closed', 1),
         'sessions_per_user': ('sessions_started', 'unique_visitors', 1),
         'conversion_rate': ('conversions', 'sessions_closed', 1)},
        late_types=words('page_view click scroll form_submit video_play custom_event session_start session_end')),
    'pages': Family(
        ('page_path',),
        words('page_views page_load_ms_sum page_load_ms_count clicks mobile_views desktop_views tablet_views '
              'unique_sessions entries exits bounces conversions entry_duration_ms time_on_page_ms '
              'time_on_page_count bot_views'),
        {}, ('unique_visitors',), {**LOAD, 'scroll_depth': (25, 50, 75, 95)},
        {'page_load_ms_avg': ('page_load_ms_sum', 'page_load_ms_count', 1), 'ctr': ('clicks', 'page_views', 1),
         'bounce_rate': ('bounces', 'entries', 1),
         'avg_session_duration_s': ('entry_duration_ms', 'entries', 1000),
         'avg_time_on_page_s': ('time_on_page_ms', 'time_on_page_count', 1000)},
        {'top_referrer': 'referrers', 'top_country': 'countries'}, words('page_view click')),
    'sources': Family(
        words('medium source campaign'), words('sessions bounces sessions_with_views session_duration_ms conversions'),
        {'revenue': MONEY}, (), {}, {**BOUNCE, **DURATION, 'conversion_rate': ('conversions', 'sessions', 1)}),
    'devices': Family(
        words('device_type browser os'), words('sessions bounces sessions_with_views session_duration_ms page_views'),
        {}, (), {}, {**BOUNCE, **DURATION}, {}, ('page_view',)),
    'geo': Family(
        words('country region'), words('sessions bounces sessions_with_views page_views'), {}, ('unique_visitors',),
        {}, BOUNCE, {}, ('page_view',)),
    'elements': Family(
        words('page_path element_id'), words('clicks page_views'), {}, ('unique_visitors',), {},
        {'ctr': ('clicks', 'page_views', 1)}, {}, words('click page_view')),
    'forms': Family(
        ('form_id',), words('starts submits successes'), {}, (), {},
        {'completion_rate': ('successes', 'starts', 1)}, {'top_error': 'errors'}, ('form_submit', 'form_start')),
    'videos': Family(('video_id',), words('plays autoplays'), {}, ('unique_visitors',), late_types=('video_play',)),
    'events': Family(
        ('event_name',), words('count event_values'), {'event_value_sum': MONEY}, ('unique_visitors',), {},
        {'event_value_mean': ('event_value_sum', 'event_values', MONEY)}, {}, ('custom_event',)),
    'funnels': Family(
        words('funnel_id step'), words('entered completed entered_first entered_before drop_off'), {}, (),
        {'time_to_next_s': (50,)},
        {'conversion_rate': ('entered', 'entered_first', 1), 'step_rate': ('entered', 'entered_before', 1)}),
    'retention': Family(
        (), ('cohort_size', *(f'{name}_users' for name in RETENTION)), ratios={
            name: (f'{name}_users', 'cohort_size', 1) for name in RETENTION}),
    'journeys': Family(
        words('journey_type engagement_tier'),
        words('sessions session_duration_ms conversions stage_entry stage_engagement '
              'stage_conversion stage_exit'), {}, (), {},
        {'avg_duration_s': ('session_duration_ms', 'sessions', 1000),
         'conversion_rate': ('conversions', 'sessions', 1)}),
    'quality': Family(
        ('source_topic',), words('events_in valid duplicates late too_late amended quality_score_count pii_masked bot_events '
                                 'bot_events_before_verdict ') + tuple('bot_sessions_' + name for name in SIGNALS),
        {'quality_score_sum': HUNDREDTHS}, (), {},
        {'bot_percentage': ('bot_events', 'valid', 0.01), 'quality_score_mean': ('quality_score_sum', 'quality_score_count', HUNDREDTHS)}),
}


def ratio(numerator, denominator, divisor):
    return numerator / denominator / divisor if denominator else None


def traffic_health(metrics):
    """kpis.md, definition 12."""
    p90, visitors = metrics['page_load_ms_p90'], metrics['unique_visitors']
    if not visitors:
        return None
    human = 100 - 100 * metrics['bot_events'] / (metrics['events'] + metrics['bot_events'])
    load = 1 if p90 is None else clamp((5000 - float(p90)) / 4000, 0, 1)
    return human * load * clamp(metrics['returning_visitors'] / visitors * 2, 0.5, 1)


def clamp(value, low, high):
    return min(max(value, low), high)


def engagement(metrics, target_s):
    """kpis.md, definition 11; a formula with a null in it is null."""
    factors = [metrics[name] for name in ('bounce_rate', 'avg_session_duration_s', 'pages_per_session')]
    if any(factor is None for factor in factors):
        return None
    bounce, seconds, pages = map(float, factors)
    return 100 * (1 - bounce) * min(1, seconds / target_s) * min(1, pages / 2)
