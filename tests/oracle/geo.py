"""Places of addresses, from the JSON source that a test database was made of: `x.json` beside `x.mmdb`."""
import ipaddress
import json


class Places:
    def __init__(self, database):
        self.networks = {}              # prefix length -> first bits -> (country, region, city)
        with open(database.removesuffix('.mmdb') + '.json', encoding='utf-8') as file:
            for entry in json.load(file):
                for network, record in entry.items():
                    bits, length = network_bits(network)
                    self.networks.setdefault(length, {})[bits >> (128 - length)] = place(record)
        self.lengths = sorted(self.networks, reverse=True)

    def find(self, address):
        """(country, region, city), each a text or None; None where the database knows no country."""
        try:
            bits = address_bits(ipaddress.ip_address(address or ''))
        except ValueError:
            return None
        for length in self.lengths:
            found = self.networks[length].get(bits >> (128 - length), False)
            if found is not False:
                return found
        return None


def address_bits(address):
    if address.version == 6 and address.ipv4_mapped:
        address = address.ipv4_mapped
    return int(address)                 # IPv4 stands at the beginning of IPv6


def network_bits(text):
    network = ipaddress.ip_network(text)
    return address_bits(network.network_address), network.prefixlen + (96 if network.version == 4 else 0)


def place(record):
    country = record.get('country', {}).get('iso_code')
    if not country:
        return None
    region = (record.get('subdivisions') or [{}])[0]
    return country, region.get('names', {}).get('en') or region.get('iso_code'), \
        record.get('city', {}).get('names', {}).get('en')
