#!/usr/bin/env python3
"""Alerts on a real broker: `python3 kafka_alerts_test.py path/to/weir`. Each fires and is over once, whatever becomes of
the node and of who listens. The tests go on from one another.
"""
import hashlib
import hmac
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import confluent_kafka
from kafka_cluster import Broker, Node, Reader

WEIR = 'weir'
WEB, PREFIX, SECRET = 'topic_web_events', 'weir.test.', 'hush'   # a prefix that a topic's own name could have
FIVE = 300_000
SESSION_TIMEOUT = 2
CONFIG = '''
log: {{kind: kafka}}
kafka: {{brokers: "{address}", prefix: "{prefix}", properties: {{session.timeout.ms: {timeout}, heartbeat.interval.ms: 300}}}}
node: {{lanes: 1}}
topics: {{partitions: 1}}
kpi: {{site_publish_interval: 500ms, publish_interval: 500ms}}
webhook: {{url: "http://127.0.0.1:{port}/alerts", secret: {secret}}}
alerts:
  - {{id: a_refused, family: site, metric: page_views, above: 5}}
  - {{id: many_views, family: site, metric: page_views, above: 5, severity: critical}}
  - {{id: no_data, for: 48h}}
  - {{id: freshness, enabled: false}}
  - {{id: quality, enabled: false}}
  - {{id: bounce_rate, enabled: false}}
'''


class Listener(http.server.ThreadingHTTPServer):
    """Takes what the webhook posts, once it is willing to; but one, which others need not wait for."""

    def __init__(self):
        super().__init__(('127.0.0.1', 0), Answer)
        self.willing, self.refused, self.taken = False, 0, []


class Answer(http.server.BaseHTTPRequestHandler):
    def do_POST(self):                                                     # noqa: N802 (the library's name)
        body = self.rfile.read(int(self.headers['Content-Length']))
        signed = 'sha256=' + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        if not self.server.willing or json.loads(body)['id'] == 'a_refused':
            self.server.refused += 1
            self.send_error(400 if self.server.willing else 503)
            return
        self.server.taken.append((self.headers['X-Weir-Id'], self.headers['X-Weir-Signature'] == signed, json.loads(body)))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_):
        pass


class KafkaAlertsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix='weir-kafka-alerts-')))
        cls.listener = Listener()
        threading.Thread(target=cls.listener.serve_forever, daemon=True).start()
        cls.addClassCleanup(cls.listener.shutdown)
        cls.broker = Broker(cls.scratch / 'broker')
        cls.addClassCleanup(cls.broker.kill)
        secret = cls.scratch / 'secret'
        secret.write_text(SECRET + '\n', encoding='utf-8')
        cls.config = cls.scratch / 'weir.yaml'
        cls.config.write_text(CONFIG.format(address=cls.broker.address, prefix=PREFIX, timeout=SESSION_TIMEOUT * 1000,
                                            port=cls.listener.server_port, secret=secret), encoding='utf-8')
        cls.reader = Reader(cls.broker.address)
        cls.node = Node(WEIR, cls.config, cls.scratch, 'node')
        cls.addClassCleanup(lambda: cls.node.runs() and cls.node.kill())
        cls.weir('topics', 'create', '--source-partitions', '1')
        cls.node.start()
        cls.first = (int(time.time() * 1000) - 3_600_000) // FIVE * FIVE
        cls.sent = 0

    @classmethod
    def weir(cls, *arguments):
        return subprocess.run([WEIR, *arguments, '--config', str(cls.config)], capture_output=True, text=True, timeout=60,
                              check=True).stdout

    @classmethod
    def views(cls, count, minutes):
        """So many page views, so long after the first window's start; a second apart, since faster ones are a bot's."""
        producer = confluent_kafka.Producer({'bootstrap.servers': cls.broker.address})
        for number in range(count):
            cls.sent += 1
            producer.produce(WEB, json.dumps({
                'event_id': str(cls.sent), 'event_type': 'page_view', 'session_id': 's', 'site_id': 'shop',
                'timestamp': cls.first + minutes * 60_000 + number * 1000,
                'page_url': 'https://shop.example/'}), 's')
        producer.flush(30)

    def told(self, name='many_views|shop'):
        """The states that weir.alerts has had under a name, in order, deliveries aside."""
        states = []
        for r in self.reader.records(f'{PREFIX}weir.alerts'):
            value = json.loads(r['value'])
            if r['key'] == name and (not states or states[-1] != value['state']):
                states.append(value['state'])
        return states

    def wait(self, what, seconds=60):
        until = time.monotonic() + seconds
        while not what():
            self.node.check()
            self.assertLess(time.monotonic(), until, self.node.said())
            time.sleep(0.2)

    def last(self, name='many_views|shop'):
        return [json.loads(r['value']) for r in self.reader.records(f'{PREFIX}weir.alerts') if r['key'] == name][-1]

    def test_1_an_alert_fires_when_its_window_is_complete(self):
        self.views(10, minutes=1)
        time.sleep(3)
        self.assertEqual(self.told(), [])              # more views may come to this window
        self.views(1, minutes=10)
        self.wait(lambda: self.told() == ['fired'])
        last = self.last()
        self.assertEqual((last['value'], last['threshold'], last['window_start']), (10, 5, self.first))
        self.assertIn('critical many_views shop', self.weir('alerts', 'list'))

    def test_2_who_listens_is_told_when_he_is_willing_though_the_node_is_killed_meanwhile(self):
        self.wait(lambda: self.listener.refused > 0)
        self.node.kill()
        self.assertFalse(self.last()['delivered'])
        self.listener.willing = True
        self.node.start()
        self.wait(lambda: self.last()['delivered'])
        mine = [x for x in self.listener.taken if x[2]['id'] == 'many_views']
        self.assertEqual([(signed, body['state']) for _, signed, body in mine], [(True, 'fired')])
        self.assertEqual(self.told(), ['fired'])       # not once more
        self.assertFalse(self.last('a_refused|shop')['delivered'])

    def test_3_it_is_over_once(self):
        self.views(1, minutes=20)                      # the window of the tenth minute, with one view, is complete
        self.wait(lambda: self.told() == ['fired', 'resolved'])
        self.wait(lambda: [b['state'] for _, _, b in self.listener.taken if b['id'] == 'many_views'] == ['fired', 'resolved'])
        self.assertIn('no alert is firing', self.weir('alerts', 'list'))
        self.assertIn('resolved', self.weir('alerts', 'list', '--all'))

    def test_4_a_second_node_takes_over(self):
        second = Node(WEIR, self.config, self.scratch, 'second')
        second.start()
        self.addCleanup(second.kill)
        second.wait_started()
        time.sleep(3)
        self.assertEqual(self.told(), ['fired', 'resolved'])
        self.node.kill()
        type(self).node = second
        self.views(8, minutes=21)
        self.views(1, minutes=30)
        self.wait(lambda: self.told() == ['fired', 'resolved', 'fired'], 120)

    def test_5_a_message_can_be_tried(self):
        self.assertIn('has taken it', self.weir('alerts', 'test', '--webhook'))
        self.assertEqual(self.listener.taken[-1][2]['id'], 'test')


if __name__ == '__main__':
    WEIR = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2, failfast=True)
