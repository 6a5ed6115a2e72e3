#include "pipeline/event/id_privacy.hpp"

namespace weir {

namespace {

constexpr std::string_view mark = "hmac-sha-256:";
constexpr std::size_t digits = 64;

bool is_marked(std::string_view id) {
  return id.size() == mark.size() + digits && id.starts_with(mark) &&
         id.find_first_not_of("0123456789abcdef", mark.size()) == std::string_view::npos;
}

}  // namespace

std::string_view id_privacy::hashed(std::string_view id, arena& texts) {
  if (id.empty()) return {};
  if (is_marked(id)) return id.substr(mark.size());
  const auto hash = hmac_.of(id);
  return texts.keep({hash.data(), hash.size()});
}

std::string id_privacy::marked(std::string_view id) {
  if (is_marked(id)) return std::string(id);
  const auto hash = hmac_.of(id);
  return std::string(mark).append(hash.data(), hash.size());
}

}  // namespace weir
