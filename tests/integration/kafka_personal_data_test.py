#!/usr/bin/env python3
"""Planted personal data through a node on a real broker: `python3 kafka_personal_data_test.py path/to/weir`. Nothing of it is
in any topic of weir's, in the node's folder, in RocksDB's tables or in the log.
"""
import pathlib
import subprocess
import sys
import tempfile
import time

import confluent_kafka
import planted
from kafka_cluster import Broker, Node, Reader

WEB, PREFIX, PARTITIONS = 'topic_web_events', 'test.', 2
CONFIG = '''
log: {{kind: kafka}}
kafka: {{brokers: "{address}", prefix: "{prefix}", properties: {{session.timeout.ms: 3000, heartbeat.interval.ms: 300}}}}
logging: {{level: debug}}
checkpoint: {{interval: 1s}}
topics: {{partitions: 2}}
kpi: {{publish_interval: 1s}}
session: {{timeout: 40s}}
time: {{max_out_of_orderness: 10s, idle_timeout: 2s}}
privacy: {{hash_user_ids: {secret}}}
'''


def produce(address, begin):
    producer = confluent_kafka.Producer({'bootstrap.servers': address})
    lines = list(planted.lines(begin, 'k'))
    for n, line in enumerate(lines):
        producer.produce(WEB, line, b'key', n % PARTITIONS)
    producer.flush(30)
    return len(lines)


def wait_for(node, reader, count, *topics):
    """Until these topics have so many records together."""
    until = time.monotonic() + 90
    while (there := sum(len(reader.records(PREFIX + topic)) for topic in topics)) < count:
        node.check()
        if time.monotonic() > until:
            sys.exit(f'{topics} have {there} records, not {count}\n{node.said()}')
        time.sleep(0.5)


def search(reader, folder, address):
    finds = planted.Finds()
    topics = [t for t in reader.admin.list_topics(timeout=30).topics if t.startswith(PREFIX)]
    for topic in topics:
        for r in reader.records(topic):
            for part in (r['key'], r['value']):
                finds.search(topic, (part or '').encode('utf-8', 'surrogateescape'))
    finds.folder(folder)
    return topics, finds


def main():
    weir = str(pathlib.Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory(prefix='weir-kafka-personal-') as name:
        scratch = pathlib.Path(name)
        (scratch / 'secret').write_text('a secret that nobody prints\n', encoding='utf-8')
        broker = Broker(scratch / 'broker')
        try:
            run(weir, scratch, broker.address)
        finally:
            broker.kill()


def run(weir, scratch, address):
    config, written = scratch / 'weir.yaml', scratch / 'written'
    written.mkdir()
    config.write_text(CONFIG.format(address=address, prefix=PREFIX, secret=scratch / 'secret'), encoding='utf-8')
    node = Node(weir, config, written, 'node')
    subprocess.run([weir, 'topics', 'create', '--source-partitions', str(PARTITIONS), '--config', str(config)], check=True)
    node.start()
    try:
        sent = produce(address, int(time.time() * 1000) - 600_000)
        reader = Reader(address)
        wait_for(node, reader, sent, 'weir.events', 'weir.dlq')
        wait_for(node, reader, len(planted.SECRETS), 'weir.sessions')
        wait_for(node, reader, 10, 'weir.gold.sources')
        node.stop()
    finally:
        if node.runs():
            node.kill()
    topics, finds = search(reader, written, address)
    log = node.log_path.read_text(encoding='utf-8', errors='replace')
    wanted = {f'{PREFIX}weir.{name}' for name in ('events', 'late', 'dlq', 'sessions', 'partials', 'gold.pages')}
    tables = list(written.rglob('*.sst'))
    if not wanted <= set(topics) or not tables or 'nobody prints' in log:
        sys.exit(f'not all was there to be searched, or the secret was told: {topics}, {tables}')
    print(f'{finds.searched} bytes of {len(topics)} topics and the folder searched')
    if finds.found:
        sys.exit('\n'.join(sorted(set(finds.found))))


if __name__ == '__main__':
    main()
