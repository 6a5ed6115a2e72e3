#include "tools/decode/json_fields.hpp"

#include <fmt/format.h>
#include <simdjson.h>

namespace weir {

namespace dom = simdjson::dom;

struct json_fields::document {
  dom::parser parser;
  dom::element root;
  bool there = false;
};

namespace {

std::optional<std::string> scalar_text(const dom::element& e) {
  switch (e.type()) {
    case dom::element_type::STRING:
      return std::string(std::string_view(e));
    case dom::element_type::INT64:
      return std::to_string(std::int64_t(e));
    case dom::element_type::UINT64:
      return std::to_string(std::uint64_t(e));
    case dom::element_type::DOUBLE:
      return fmt::format("{}", double(e));
    case dom::element_type::BOOL:
      return bool(e) ? "true" : "false";
    case dom::element_type::NULL_VALUE:
      return "null";
    default:
      return std::nullopt;
  }
}

}  // namespace

json_fields::json_fields() : of_(std::make_unique<document>()) {}
json_fields::~json_fields() = default;

bool json_fields::parse(std::string_view text) {
  of_->there = of_->parser.parse(text.data(), text.size()).get(of_->root) == simdjson::SUCCESS &&
               of_->root.is_object();
  return of_->there;
}

std::optional<std::string> json_fields::at(std::string_view path) const {
  if (!of_->there) return std::nullopt;
  auto e = of_->root;
  while (true) {
    const auto dot = path.find('.');
    if (e[path.substr(0, dot)].get(e) != simdjson::SUCCESS) return std::nullopt;
    if (dot == path.npos) return scalar_text(e);
    path.remove_prefix(dot + 1);
  }
}

}  // namespace weir
