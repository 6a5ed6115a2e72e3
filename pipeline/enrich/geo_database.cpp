#include "pipeline/enrich/geo_database.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <maxminddb.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>

namespace weir {

namespace {

/// An address in the shape that libmaxminddb asks for.
class socket_address {
 public:
  explicit socket_address(std::string_view text) {
    std::array<char, INET6_ADDRSTRLEN> terminated{};
    if (text.empty() || text.size() >= terminated.size()) return;
    std::copy(text.begin(), text.end(), terminated.begin());
    if (inet_pton(AF_INET, terminated.data(), &as_.v4.sin_addr) == 1)
      as_.any.sa_family = AF_INET;
    else if (inet_pton(AF_INET6, terminated.data(), &as_.v6.sin6_addr) == 1)
      as_.any.sa_family = AF_INET6;
    unmap();
  }
  bool is_one() const { return as_.any.sa_family != AF_UNSPEC; }
  const sockaddr* get() const { return &as_.any; }

 private:
  /// An IPv4 address in IPv6's clothes stands where IPv4 addresses do.
  void unmap() {
    if (as_.any.sa_family != AF_INET6 || !IN6_IS_ADDR_V4MAPPED(&as_.v6.sin6_addr)) return;
    in_addr v4;
    std::memcpy(&v4, as_.v6.sin6_addr.s6_addr + 12, sizeof v4);
    as_.v4 = {};
    as_.v4.sin_family = AF_INET;
    as_.v4.sin_addr = v4;
  }
  union {
    sockaddr_in6 v6{};
    sockaddr_in v4;
    sockaddr any;
  } as_;
};

using path = std::array<const char*, 5>;  // names and indices, then nulls

std::string_view text_at(MMDB_entry_s& entry, const path& at) {
  MMDB_entry_data_s data;
  if (MMDB_aget_value(&entry, &data, at.data()) != MMDB_SUCCESS) return {};
  if (!data.has_data || data.type != MMDB_DATA_TYPE_UTF8_STRING) return {};
  return {data.utf8_string, data.data_size};
}

template <std::size_t N>
std::string_view first_of(MMDB_entry_s& entry, const std::array<path, N>& places) {
  for (const auto& at : places)
    if (const auto found = text_at(entry, at); !found.empty()) return found;
  return {};
}

constexpr std::array<path, 2> countries{{{"country", "iso_code"}, {"country_code"}}};
constexpr std::array<path, 6> regions{{{"subdivisions", "0", "names", "en"},
                                       {"subdivisions", "0", "iso_code"},
                                       {"state1"},
                                       {"region"},
                                       {"region_name"},
                                       {"state"}}};
constexpr std::array<path, 2> cities{{{"city", "names", "en"}, {"city"}}};

/// A copy of a file in memory that has a name: libmaxminddb maps files alone, and a mapped file that someone
/// writes over takes the process down.
class memory_file {
 public:
  explicit memory_file(const std::filesystem::path& of) : fd_(memfd_create("geo", MFD_CLOEXEC)) {
    const int from = open(of.c_str(), O_RDONLY | O_CLOEXEC);
    if (from < 0) refuse(of);
    ssize_t copied;
    do copied = sendfile(fd_, from, nullptr, std::size_t{1} << 30);
    while (copied > 0);
    const auto why = errno;
    close(from);
    errno = why;
    if (copied < 0) refuse(of);
  }
  ~memory_file() { close(fd_); }
  memory_file(const memory_file&) = delete;
  std::string name() const { return "/proc/self/fd/" + std::to_string(fd_); }

 private:
  [[noreturn]] void refuse(const std::filesystem::path& of) const {
    const std::string why = std::strerror(errno);
    close(fd_);
    throw geo_database::error(of.string() + ": expected a MaxMind DB file: " + why);
  }
  int fd_;
};

}  // namespace

struct geo_database::reader {
  explicit reader(const std::filesystem::path& file) {
    const memory_file copy(file);
    const auto status = MMDB_open(copy.name().c_str(), MMDB_MODE_MMAP, &db);
    if (status == MMDB_SUCCESS) return;
    throw error(file.string() + ": expected a MaxMind DB file: " + MMDB_strerror(status));
  }
  ~reader() { MMDB_close(&db); }
  reader(const reader&) = delete;

  std::optional<MMDB_entry_s> find(const sockaddr* address) const {
    int status;
    auto found = MMDB_lookup_sockaddr(&db, address, &status);
    if (status != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
    return found.entry;
  }

  MMDB_s db;
};

geo_database::geo_database(const std::filesystem::path& file) : reader_(std::make_unique<reader>(file)) {}
geo_database::~geo_database() = default;

place geo_database::find(std::string_view text) const {
  const socket_address address(text);
  if (!address.is_one()) return {};
  auto entry = reader_->find(address.get());
  if (!entry) return {};
  place found{first_of(*entry, countries), first_of(*entry, regions), first_of(*entry, cities)};
  if (found.country.empty()) return {};
  return found;
}

}  // namespace weir
