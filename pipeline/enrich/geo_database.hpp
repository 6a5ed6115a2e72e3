#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string_view>

namespace weir {

/// Where an address is. Texts of the database, valid as long as it.
struct place {
  std::string_view country, region, city;  // country is an ISO 3166 code; empty: not known
  bool operator==(const place&) const = default;
};

/// A MaxMind DB file with countries or cities, copied into memory. Both layouts are read: MaxMind's own
/// (`country.iso_code`, `subdivisions`, `city.names`) and the flat one of others (`country_code`, `state1` or
/// `region`, `city`). Regions and cities are named in English. Immutable, shared by all lanes.
class geo_database {
 public:
  /// What is wrong with the file.
  struct error : std::runtime_error {
    using std::runtime_error::runtime_error;
  };

  /// Throws error when the file is missing or is no such database.
  explicit geo_database(const std::filesystem::path& file);
  ~geo_database();
  geo_database(const geo_database&) = delete;

  /// The place of an IPv4 or IPv6 address as text. Empty for what is no address and what is not in the
  /// database.
  place find(std::string_view address) const;

 private:
  struct reader;
  std::unique_ptr<reader> reader_;
};

}  // namespace weir
