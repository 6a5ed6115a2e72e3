"""Makes flat.mmdb: places in the flat layout that other publishers than MaxMind use. Needs the PyPI package mmdb_writer
0.2.7; run in this folder."""
from mmdb_writer import MMDBWriter
from netaddr import IPSet

PLACES = {
    '192.0.2.0/24': {'country_code': 'DE', 'state1': 'Berlin', 'city': 'Berlin', 'latitude': 52.5, 'longitude': 13.4},
    '198.51.100.0/24': {'country_code': 'FR'},
    '203.0.113.0/24': {'country_code': 'US', 'region': 'Texas'},
    '2001:db8::/32': {'country_code': 'JP', 'state1': 'Tokyo', 'state2': 'x', 'city': 'Shinjuku', 'postcode': '160'},
}

writer = MMDBWriter(6, 'flat', languages=['en'], description='test data of weir', ipv4_compatible=True)
for network, record in PLACES.items():
    writer.insert_network(IPSet([network]), record)
writer.to_db_file('flat.mmdb')
