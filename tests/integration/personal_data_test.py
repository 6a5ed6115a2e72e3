#!/usr/bin/env python3
"""Planted personal data through `weir replay`: `python3 personal_data_test.py path/to/weir`. Nothing of it is in any file or
in what the program says, as the settings ask for.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import planted

WEIR = 'weir'
BEGIN = 1_710_000_000_000
LOG = (f'{planted.ADDRESS} - - [09/Mar/2024:16:00:00 +0000] "GET /p?m=%s HTTP/1.1" 200 5 "https://x.example/?%s" "Mozilla/5.0"\n'
       f'{planted.ADDRESS} - %s [broken "GET\n'
       f'www.shop.example:443 {planted.ADDRESS} - - [broken %s\n'
       f'2024-03-09 16:00:00 10.0.0.5 GET /p m=%s 443 - {planted.ADDRESS} Mozilla/5.0\n')


def lines():
    return b'\n'.join([*planted.lines(BEGIN, 'a'), planted.oversize()])


class PersonalDataTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix='weir-personal-')))
        (self.folder / 'secret').write_text('a secret that nobody prints\n', encoding='utf-8')

    def run_weir(self, data, *sets):
        """A run; what it said."""
        source, self.out = self.folder / 'input.ndjson', self.folder / 'out'
        source.write_bytes(data)
        options = [part for one in ('replay.now=2024-03-11T12:00:00Z', 'logging.level=debug', *sets) for part in ('--set', one)]
        done = subprocess.run([WEIR, 'replay', *options, '--out', str(self.out), str(source)], capture_output=True,
                              timeout=120, check=False)
        self.assertIn(done.returncode, (0, 3), done.stderr)
        return done.stdout + done.stderr

    def replay(self, data, *sets):
        """A run, and what is found of what was planted."""
        said = self.run_weir(data, *sets)
        finds = planted.Finds()
        finds.folder(self.out)
        finds.search('what it said', said)
        self.assertGreater(finds.searched, 10_000)
        return finds

    def records(self, name):
        return [json.loads(line) for line in (self.out / name).read_text(encoding='utf-8').splitlines()]

    def test_nothing_planted_is_in_any_file(self):
        finds = self.replay(lines(), f'privacy.hash_user_ids={self.folder}/secret')
        self.assertEqual(finds.found, [])
        events, letters = self.records('events.ndjson'), self.records('dlq.ndjson')
        self.assertGreater(sum(e['pii_masked'] for e in events), 100)
        self.assertGreater(len({letter['reason'] for letter in letters}), 5)
        withheld = {letter['reason'] for letter in letters if letter.get('payload_withheld')}
        self.assertEqual(withheld, {'malformed_json', 'not_an_object', 'too_deep', 'oversize'})
        self.assertTrue(any(e['late'] == 'dropped' for e in events))
        masked = sum(r['metrics']['pii_masked'] for r in self.records('gold/quality.ndjson') if r['granularity'] == '1d')
        self.assertEqual(masked, sum(e['pii_masked'] for e in events))
        self.assertNotIn('nobody prints', (self.out / 'summary.json').read_text(encoding='utf-8'))

    def test_without_hashing_ids_stay_and_all_else_is_in_no_file(self):
        for how in ('truncate', 'drop'):
            finds = self.replay(lines(), f'privacy.ip={how}')
            self.assertEqual([f for f in finds.found if not f.startswith(planted.USERS)], [])
            self.assertFalse(any(letter.get('payload_withheld') for letter in self.records('dlq.ndjson')))

    def test_nothing_planted_in_a_log_is_in_any_file(self):
        text = ''.join(LOG % ((form,) * 5) for secret in planted.SECRETS for form in planted.forms(secret))
        finds = self.replay(text.encode(), 'replay.site_url=https://shop.example')
        self.assertEqual(finds.found, [])
        self.assertEqual(len(self.records('events.ndjson')), 3 * len(planted.SECRETS))
        self.assertEqual({letter['reason'] for letter in self.records('dlq.ndjson')}, {'malformed_log'})

    def test_with_privacy_off_it_is_counted_and_stays(self):
        finds = self.replay(b'\n'.join(planted.lines(BEGIN, 'a')), 'privacy.mask_pii=false', 'privacy.ip=keep')
        for needle in (planted.ADDRESS, *planted.USERS, *planted.MAILS, *planted.CARDS):
            self.assertTrue(any(f.startswith(needle) for f in finds.found), needle)
        self.assertGreater(sum(e['pii_masked'] for e in self.records('events.ndjson')), 100)

    def test_a_dead_letter_sent_again_has_the_id_that_the_original_would_have_had(self):
        hashing = f'privacy.hash_user_ids={self.folder}/secret'
        good = json.dumps({'event_id': 'e', 'event_type': 'page_view', 'timestamp': BEGIN, 'session_id': 's',
                           'user_id': 'ann', 'page_url': 'https://shop.example/', 'country': 'DE'})
        self.run_weir(good.encode(), hashing)
        original = self.records('events.ndjson')[0]['user_id']
        self.assertRegex(original, '^[0-9a-f]{64}$')
        self.run_weir(good.replace('"DE"', '7').encode(), hashing)
        letter = self.records('dlq.ndjson')[0]['payload']
        self.assertNotIn('ann', letter)
        self.run_weir(letter.replace('"country": 7', '"country": "DE"').encode(), hashing)
        self.assertEqual(self.records('events.ndjson')[0]['user_id'], original)


if __name__ == '__main__':
    WEIR = str(pathlib.Path(sys.argv.pop(1)).resolve())
    unittest.main()
