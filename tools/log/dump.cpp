#include "tools/log/dump.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "config/nearest.hpp"
#include "state/log/local_log.hpp"
#include "tools/decode/envelope.hpp"
#include "tools/decode/record_json.hpp"
#include "tools/usage_error.hpp"

namespace weir {

namespace {

class dumper {
 public:
  explicit dumper(const dump_options& options)
      : options_(options), log_(folder_of(options.data), read_only(), {}) {}

  void run() {
    options_.topic.empty() ? list() : print();
    if (std::fflush(stdout) != 0) throw std::runtime_error("standard output cannot be written");
  }

 private:
  void list() {
    for (const auto& name : log_.topics()) {
      std::int64_t records = 0;
      for (std::int32_t p = 0; p < log_.partitions(name); ++p)
        records += log_.end_of(name, p) - log_.start_of(name, p);
      fmt::print("{}\t{} partitions\t{} records\n", name, log_.partitions(name), records);
    }
  }

  void print() {
    const auto count = log_.partitions(options_.topic);
    if (count == 0) throw std::runtime_error(no_topic());
    check_options(count);
    for (std::int32_t p = 0; p < count && !full_; ++p)
      if (!options_.partition || *options_.partition == p) partition(p);
  }

  void check_options(std::int32_t partitions) {
    if (options_.partition && *options_.partition >= partitions)
      throw usage_error(fmt::format("--partition: {} has partitions 0 to {}, got {}", options_.topic,
                                    partitions - 1, *options_.partition));
    if (!options_.latest) return;
    if (options_.from) throw usage_error("--latest goes by keys, --from by offsets: leave one away");
    if (!log_.compacted(options_.topic))
      throw usage_error(fmt::format(
          "--latest: {} is not compacted, it keeps no last record of each key; gold and dead letters do",
          options_.topic));
  }

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

  /// The topics that begin so, else the nearest.
  std::string no_topic() {
    std::vector<std::string> longer;
    for (auto& name : log_.topics())
      if (name.starts_with(options_.topic)) longer.push_back(std::move(name));
    if (!longer.empty())
      return fmt::format("there is no topic {}; there are {}", options_.topic, fmt::join(longer, ", "));
    const auto near = config::nearest(options_.topic, log_.topics());
    return "there is no topic " + options_.topic + (near.empty() ? "" : "; did you mean " + near + "?");
  }

  void partition(std::int32_t p) {
    const local_log::visitor print = [&](auto offset, auto time, auto key, auto value) {
      line(p, offset, time, key, value);
      return !full_;
    };
    if (options_.latest)
      log_.read_latest(options_.topic, p, {}, print);
    else
      log_.read(options_.topic, p, options_.from.value_or(0), print);
  }

  void line(std::int32_t p, std::int64_t offset, std::int64_t time, std::string_view key,
            std::string_view value) {
    const auto shown = readable_value(options_.topic, key, value);
    text_.clear();
    if (options_.envelope)
      append_envelope(p, offset, time, readable_key(options_.topic, key), shown, text_);
    else
      text_ = shown;
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
    dumper(options).run();
    return 0;
  } catch (const usage_error& x) {
    fmt::print(stderr, "weir log dump: {}\n", x.what());
    return 2;
  } catch (const std::exception& x) {
    fmt::print(stderr, "weir log dump: {}\n", x.what());
    return 1;
  }
}

}  // namespace weir
