#!/usr/bin/env python3
"""TLS and SASL on a real broker: `python3 kafka_security_test.py path/to/weir`. What is right works; what is wrong is told,
with what to check, in time.
"""
import concurrent.futures
import ctypes
import itertools
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

import confluent_kafka
from confluent_kafka.admin import (AdminClient, ScramCredentialInfo, ScramMechanism, UserScramCredentialUpsertion)
from kafka_cluster import KAFKA_BROKER

WEIR = 'weir'
SECURE_BROKER = str(pathlib.Path(KAFKA_BROKER).parent / 'secure-broker')
ADMIN, SCRAM_PASSWORD = 'admin-secret', 'p$ss=w}rd'
IN_TIME = 30
SCRAM_MENDED = 0x02060100       # librdkafka's version from which on it can SCRAM with Kafka 4


def newer_librdkafka(folder):
    """A folder with the librdkafka of the tests' client, under the name that programs load."""
    libraries = pathlib.Path(confluent_kafka.__file__).parent.parent / 'confluent_kafka.libs'
    folder.mkdir()
    for library in libraries.iterdir():
        (folder / library.name).symlink_to(library)
    (folder / 'librdkafka.so.1').symlink_to(next(libraries.glob('librdkafka-*.so*')))
    return str(folder)


class KafkaSecurityTest(unittest.TestCase):
    numbers = itertools.count()

    @classmethod
    def setUpClass(cls):
        cls.scratch = pathlib.Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix='weir-kafka-security-')))
        folder = str(cls.scratch / 'broker')
        said = subprocess.run([SECURE_BROKER, 'start', folder], check=True, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, 'KAFKA_OWNER': str(os.getpid())}).stdout
        cls.addClassCleanup(lambda: subprocess.run([KAFKA_BROKER, 'kill', folder], check=True))
        told = dict(line.split('=', 1) for line in said.splitlines())
        cls.address, cls.ca = told['bootstrap'], told['ca']
        # These wait for a broker that might come up: they are asked now, and answer while the tests run.
        pool = cls.enterClassContext(concurrent.futures.ThreadPoolExecutor())
        cls.nowhere = pool.submit(cls.check, 1, cls.plain(), address='127.0.0.1:1')
        cls.plaintext = pool.submit(cls.check, 1, {})
        cls.add_scram_user()
        cls.libraries = newer_librdkafka(cls.scratch / 'libraries')
        cls.secret = cls.scratch / 'secret'
        cls.secret.write_text(SCRAM_PASSWORD + '\n', encoding='utf-8')
        cls.check(0, cls.plain(), 'create', '--source-partitions', '2')

    @classmethod
    def add_scram_user(cls):
        admin = AdminClient({'bootstrap.servers': cls.address, 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'PLAIN',
                             'sasl.username': 'admin', 'sasl.password': ADMIN, 'ssl.ca.location': cls.ca})
        user = UserScramCredentialUpsertion('alice', ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, 4096),
                                            SCRAM_PASSWORD.encode())
        for future in admin.alter_user_scram_credentials([user]).values():
            future.result()

    @classmethod
    def plain(cls, **more):
        return {'security.protocol': 'sasl_ssl', 'ssl.ca.location': cls.ca, 'sasl.mechanism': 'PLAIN',
                'sasl.username': 'admin', 'sasl.password': '${env:WEIR_TEST_PASSWORD}', **more}

    @classmethod
    def scram(cls, **more):
        return cls.plain(**{'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.username': 'alice',
                            'sasl.password': f'${{file:{cls.secret}}}', **more})

    @classmethod
    def weir(cls, properties, *command, address=None, password=ADMIN, libraries=''):
        config = cls.scratch / f'weir-{next(cls.numbers)}.yaml'
        lines = ''.join(f'\n    {name}: {value!r}' for name, value in properties.items())
        config.write_text(f'log: {{kind: kafka}}\nkafka:\n  brokers: "{address or cls.address}"\n'
                          f'  properties:{lines or " {}"}\n', encoding='utf-8')
        environment = {**os.environ, 'WEIR_TEST_PASSWORD': password, 'LD_LIBRARY_PATH': libraries}
        if not password:
            del environment['WEIR_TEST_PASSWORD']
        begun = time.monotonic()
        done = subprocess.run([WEIR, *command, '--config', str(config)], capture_output=True, text=True, check=False,
                              env=environment, timeout=60)
        return done.returncode, done.stdout + done.stderr, time.monotonic() - begun

    @classmethod
    def check(cls, status, properties, *command, **more):
        got, said, took = cls.weir(properties, 'topics', *(command or ['check']), **more)
        if got != status or took > IN_TIME:
            raise AssertionError(f'status {got} after {took:.1f} s: {said}')
        for secret in (ADMIN, SCRAM_PASSWORD, 'wrong'):
            if secret in said:
                raise AssertionError(f'a secret is shown: {said}')
        return said

    def test_plain_over_tls_works(self):
        self.assertIn('as they must be', self.check(0, self.plain()))

    def test_scram_over_tls_works(self):
        self.assertIn('as they must be', self.check(0, self.scram(), libraries=self.libraries))

    def test_a_library_that_cannot_scram_with_this_broker_is_told(self):
        if ctypes.CDLL('librdkafka.so.1').rd_kafka_version() < SCRAM_MENDED:
            self.assertIn('older than 2.6.1: to Kafka 4 it cannot', self.check(1, self.scram()))
        else:
            self.assertIn('as they must be', self.check(0, self.scram()))

    def test_records_are_read_over_tls(self):
        status, said, _ = self.weir(self.plain(), 'tail', 'weir.events', '--no-follow')
        self.assertEqual((status, said), (0, ''))

    def test_a_wrong_password_is_told_at_once(self):
        said = [self.check(1, self.plain(), password='wrong'),
                self.check(1, self.scram(**{'sasl.password': 'wrong'}), libraries=self.libraries)]
        for text in said:
            self.assertIn(f'cannot reach a broker at {self.address}', text)
            self.assertIn('check sasl.mechanism, sasl.username and sasl.password', text)

    def test_an_authority_that_is_not_trusted_is_told_at_once(self):
        said = self.check(1, {name: value for name, value in self.plain().items() if name != 'ssl.ca.location'})
        self.assertIn('certificate verify failed', said)
        self.assertIn('check ssl.ca.location', said)

    def test_plaintext_to_a_listener_with_tls_is_told(self):
        self.assertIn('check security.protocol', self.plaintext.result())

    def test_a_mechanism_that_the_broker_has_not_is_told(self):
        self.assertIn('check sasl.mechanism', self.check(1, self.scram(**{'sasl.mechanism': 'SCRAM-SHA-512'})))

    def test_an_address_where_no_one_is_is_told(self):
        said = self.nowhere.result()
        self.assertIn('cannot reach a broker at 127.0.0.1:1', said)
        self.assertIn('check kafka.brokers', said)

    def test_a_secret_that_is_not_there_is_a_fault_of_the_configuration(self):
        self.assertIn('WEIR_TEST_PASSWORD is not set', self.check(2, self.plain(), password=''))
        for command in (['config', 'check'], ['run'], ['tail', 'weir.events']):
            status, said, _ = self.weir(self.plain(), *command, password='')
            self.assertEqual(status, 2, said)
            self.assertIn('kafka.properties.sasl.password: the environment variable WEIR_TEST_PASSWORD', said)

    def test_a_configuration_is_printed_without_secrets(self):
        status, said, _ = self.weir(self.scram(**{'ssl.key.password': 'hidden'}), 'config', 'print')
        self.assertEqual(status, 0)
        self.assertIn(f'${{file:{self.secret}}}', said)
        for secret in ('hidden', SCRAM_PASSWORD):
            self.assertNotIn(secret, said)


if __name__ == '__main__':
    WEIR = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main(verbosity=2)
