#pragma once

#include <memory>
#include <string_view>

#include "pipeline/users/user_session.hpp"

namespace weir {

/// Reads records of weir.sessions as far as the users stage needs them. Keeps its buffers from record to
/// record; for one thread at a time.
class session_reader {
 public:
  session_reader();
  ~session_reader();

  /// JSON as session_record.cpp writes it. Throws decode_error.
  void read(std::string_view json, session_news& news);

 private:
  struct parser;
  std::unique_ptr<parser> parser_;
};

}  // namespace weir
