#!/usr/bin/env python3
"""Two nodes on three brokers, every topic on all three of them. One broker dies for good, with traffic coming in: nothing is
lost, nothing comes twice.

    python3 kafka_three_brokers.py path/to/weir
"""
import pathlib
import random
import re
import socket
import sys
import tempfile
import time

from kafka_cluster import Broker, Job

START = 1_767_225_600_000
CLUSTER = 'weirweirweirweirweirwA'
REPLICATED = ('default.replication.factor=3', 'min.insync.replicas=2', 'offsets.topic.replication.factor=3',
              'transaction.state.log.replication.factor=3', 'transaction.state.log.min.isr=2',
              'broker.session.timeout.ms=9000')
SMALL = {'KAFKA_HEAP': '320m', 'KAFKA_CLUSTER_ID': CLUSTER}


def free_port():
    """Below the kernel's ephemeral range: no client's socket takes it before the broker does."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as s:
            if s.connect_ex(('127.0.0.1', port)) != 0:
                return port


def controller_of(broker):
    properties = (pathlib.Path(broker.folder) / 'broker.properties').read_text(encoding='utf-8')
    return re.search(r'controller.quorum.voters=(\S+)', properties)[1]


def three_brokers(scratch):
    """The first is the controller, too."""
    brokers = [Broker(scratch / 'broker-1', *REPLICATED, **SMALL)]
    voters = controller_of(brokers[0])
    for n in (2, 3):
        port = free_port()
        brokers.append(Broker(scratch / f'broker-{n}', *REPLICATED, 'process.roles=broker', f'node.id={n}',
                              f'listeners=CLIENTS://127.0.0.1:{port}', f'controller.quorum.voters={voters}', port=port,
                              **SMALL))
    return brokers


def run(weir, scratch, brokers):
    job = Job(weir, scratch / 'job', ','.join(b.address for b in brokers), partitions=2, more='topics: {partitions: 2}\n')
    for _ in range(2):
        job.add_node().start()
    try:
        for part in range(6):
            job.send(2_000, part, START + part * 200_000, last=part == 5)
            if part == 2:
                brokers[2].kill()
                print('broker 3 of 3 is dead', flush=True)
            time.sleep(1)
        job.rest()
        if job.differs('with two brokers of three'):
            return 1
        for node in job.nodes:
            node.stop()
        return 0
    finally:
        job.end()


def main():
    with tempfile.TemporaryDirectory(prefix='weir-three-') as folder:
        scratch, brokers = pathlib.Path(folder), []
        try:
            brokers = three_brokers(scratch)
            return run(sys.argv[1], scratch, brokers)
        finally:
            for broker in brokers:
                broker.kill()


if __name__ == '__main__':
    sys.exit(main())
