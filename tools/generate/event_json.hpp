#pragma once

#include <array>
#include <string>
#include <vector>

#include "pipeline/base/json_writer.hpp"
#include "tools/generate/catalog.hpp"
#include "tools/generate/random.hpp"
#include "tools/generate/visit.hpp"

namespace weir {

/// Writes what happens as a record of `topic_web_events`. A pure function of the happening.
class event_json {
 public:
  event_json(unsigned sites, unsigned pages);

  /// The record's key: the session's id, of a derived session the visitor's.
  void write_key(const visit& who, std::string& out) const;
  void write_value(const happening& event, std::string& out);

 private:
  void write_head(const happening& event, json_writer& json);
  void prepare();
  void write_page(const happening& event, json_writer& json);
  void write_client(const visit& who, defect wrong, json_writer& json);
  void write_details(const happening& event, random_source& random, json_writer& json);
  void write_form(const happening& event, random_source& random, json_writer& json);
  void write_time(const happening& event, json_writer& json);
  std::string_view path_of(const visit& who) const;

  std::vector<site> sites_;
  std::vector<page> pages_;
  // Fields that never change, as JSON: by page, device and country.
  std::vector<std::string> titles_, clients_, claims_, places_;
  std::array<std::uint16_t, 1024> load_times_;  // quantiles, milliseconds
  std::string scratch_;
  std::string date_;  // of day_, with its T
  std::int64_t day_ = -1;
};

}  // namespace weir
