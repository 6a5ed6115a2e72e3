#include "tools/generate_command.hpp"

#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "pipeline/event/time_format.hpp"

namespace weir {
namespace {

namespace fs = std::filesystem;

constexpr int done = 0;
constexpr int failed = 1;
constexpr int unusable = 2;

/// Where the lines of each partition go.
class line_output {
 public:
  line_output(const std::string& out, std::int32_t partitions, std::ostream& standard) {
    const fs::path path(out);
    if (out == "-")
      share(&standard, "standard output", partitions);
    else if (!fs::is_directory(path) && path.has_extension())
      share(open(path), path.string(), partitions);
    else
      fill(path, partitions);
  }

  void write(std::int32_t partition, const std::string& line) {
    const auto& way = ways_[static_cast<std::size_t>(partition)];
    way.to->write(line.data(), static_cast<std::streamsize>(line.size())).put('\n');
    if (!*way.to) throw std::runtime_error(way.name + ": cannot be written");
  }

  void finish() {
    for (const auto& way : ways_)
      if (!way.to->flush()) throw std::runtime_error(way.name + ": cannot be written");
  }

 private:
  struct way {
    std::ostream* to;
    std::string name;
  };

  std::ostream* open(const fs::path& file) {
    files_.push_back(std::make_unique<std::ofstream>(file, std::ios::binary));
    if (!*files_.back()) throw std::runtime_error(file.string() + ": cannot be opened for writing");
    return files_.back().get();
  }

  void share(std::ostream* to, const std::string& name, std::int32_t partitions) {
    ways_.assign(static_cast<std::size_t>(partitions), {to, name});
  }

  void fill(const fs::path& folder, std::int32_t partitions) {
    fs::create_directories(folder);
    for (std::int32_t n = 0; n < partitions; ++n) {
      const auto file = folder / fmt::format("partition-{:03}.ndjson", n);
      ways_.push_back({open(file), file.string()});
    }
  }

  std::vector<std::unique_ptr<std::ofstream>> files_;
  std::vector<way> ways_;
};

}  // namespace

std::string settle(generate_options& options) {
  if (options.traffic.events == 0) return "--events: expected 1 or more, got 0";
  if (!options.start.empty() && !parse_time(options.start, options.traffic.start))
    return fmt::format("--start: expected a time like 2024-02-18T10:30:00Z, got \"{}\"", options.start);
  return fault_of(options.traffic);
}

int generate(generate_options options, std::ostream& standard, std::ostream& errors) {
  if (const auto fault = settle(options); !fault.empty())
    return errors << "weir generate: " << fault << '\n', unusable;
  try {
    line_output out(options.out, options.traffic.partitions, standard);
    traffic_generator traffic(options.traffic);
    for (generated_record record; traffic.next(record);) out.write(record.partition, record.value);
    out.finish();
    return done;
  } catch (const std::exception& e) {
    errors << "weir generate: " << e.what() << '\n';
    return failed;
  }
}

}  // namespace weir
