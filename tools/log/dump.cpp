#include "tools/log/dump.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "config/nearest.hpp"
#include "pipeline/base/json_writer.hpp"
#include "state/log/local_log.hpp"

namespace weir {

namespace {

class dumper {
 public:
  explicit dumper(const dump_options& options)
      : options_(options), log_(folder_of(options.data), read_only(), {}) {}

  void list() {
    for (const auto& name : log_.topics()) {
      std::int64_t records = 0;
      for (std::int32_t p = 0; p < log_.partitions(name); ++p)
        records += log_.end_of(name, p) - log_.start_of(name, p);
      fmt::print("{}\t{} partitions\t{} records\n", name, log_.partitions(name), records);
    }
  }

  void run() {
    const auto count = log_.partitions(options_.topic);
    if (count == 0) throw std::runtime_error(no_topic());
    if (options_.partition && (*options_.partition < 0 || *options_.partition >= count))
      throw std::runtime_error(fmt::format("--partition: {} has partitions 0 to {}, got {}", options_.topic,
                                           count - 1, *options_.partition));
    for (std::int32_t p = 0; p < count && !full_; ++p)
      if (!options_.partition || *options_.partition == p) partition(p);
    if (std::fflush(stdout) != 0) throw std::runtime_error("standard output cannot be written");
  }

 private:
  static std::filesystem::path folder_of(const std::string& data) {
    const auto folder = std::filesystem::path(data) / "log";
    if (!std::filesystem::exists(folder)) throw std::runtime_error(data + " holds no log of a node");
    return folder;
  }
  static rocks_db::options read_only() {
    rocks_db::options o;
    o.read_only = true;
    return o;
  }

  std::string no_topic() {
    const auto near = config::nearest(options_.topic, log_.topics());
    return "there is no topic " + options_.topic + (near.empty() ? "" : "; did you mean " + near + "?");
  }

  void partition(std::int32_t p) {
    const local_log::visitor print = [&](auto offset, auto time, auto key, auto value) {
      if (offset >= options_.from) line(p, offset, time, key, value);
      return !full_;
    };
    if (options_.latest)
      log_.read_latest(options_.topic, p, {}, print);
    else
      log_.read(options_.topic, p, options_.from, print);
  }

  void line(std::int32_t p, std::int64_t offset, std::int64_t time, std::string_view key,
            std::string_view value) {
    text_.clear();
    if (options_.envelope) {
      json_writer out(text_);
      out.begin_object().field("partition", std::int64_t{p}).field("offset", offset).field("time", time);
      out.field("key", key).field("value", value).end_object();
    } else {
      text_ = value;
    }
    text_ += '\n';
    if (std::fwrite(text_.data(), 1, text_.size(), stdout) != text_.size())
      throw std::runtime_error("standard output cannot be written");
    full_ = options_.limit > 0 && ++printed_ >= options_.limit;
  }

  const dump_options& options_;
  local_log log_;
  std::string text_;
  std::uint64_t printed_ = 0;
  bool full_ = false;
};

}  // namespace

int dump(const dump_options& options) {
  try {
    dumper d(options);
    options.topic.empty() ? d.list() : d.run();
    return 0;
  } catch (const std::exception& x) {
    fmt::print(stderr, "weir log dump: {}\n", x.what());
    return 1;
  }
}

}  // namespace weir
