"""Makes access_log.mmdb and access_log.json, its source: places for the addresses of ../apache_access.log.gz. They are made
up, a country for each /8 and regions for some /16, so that every path through a lookup is taken. Needs the PyPI package
mmdb_writer 0.2.7; run in this folder."""
import json

from mmdb_writer import MMDBWriter
from netaddr import IPSet

COUNTRIES = 'DE US FR JP BR IN GB RU CN AU ZA CA'.split()
CITIES = {'83.149.0.0/16': ('RU', 'MOW', 'Moscow', 'Moscow'), '66.249.0.0/16': ('US', 'CA', 'California', 'Mountain View'),
          '46.105.0.0/16': ('FR', 'HDF', 'Hauts-de-France', 'Roubaix'), '130.237.0.0/16': ('SE', 'AB', None, 'Stockholm'),
          '208.115.0.0/16': ('US', 'TX', 'Texas', None)}


def record(country, code=None, region=None, city=None):
    made = {'country': {'iso_code': country, 'names': {'en': 'Country ' + country}}}
    if code:
        made['subdivisions'] = [{'iso_code': code, **({'names': {'en': region, 'de': 'x'}} if region else {})}]
    if city:
        made['city'] = {'names': {'de': 'x', 'en': city}}
    return made


places = {f'{n}.0.0.0/8': record(COUNTRIES[n % len(COUNTRIES)]) for n in range(1, 224) if n % 10 and n not in (10, 127)}
places.update({network: record(*where) for network, where in CITIES.items()})
writer = MMDBWriter(4, 'City', languages=['en', 'de'], description='test data of weir')
for network, where in places.items():
    writer.insert_network(IPSet([network]), where)
writer.to_db_file('access_log.mmdb')
with open('access_log.json', 'w', encoding='utf-8') as file:
    file.write('[\n' + ',\n'.join(json.dumps({n: r}) for n, r in places.items()) + '\n]\n')
