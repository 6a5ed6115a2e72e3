#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

/// Reads single fields of JSON objects. Used by one thread.
class json_fields {
 public:
  json_fields();
  ~json_fields();

  /// False when the text is no JSON object: then it has no fields.
  bool parse(std::string_view text);
  /// The text, number, boolean or null at a path like `source.topic`, as a text; nothing when there is none.
  std::optional<std::string> at(std::string_view path) const;

 private:
  struct document;
  std::unique_ptr<document> of_;
};

}  // namespace weir
