#include "serving/process_metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "serving/metric_family.hpp"

namespace weir {

namespace {

using prometheus::MetricType;

/// Fields of /proc/self/stat by their numbers in proc(5).
struct process_stat {
  double cpu_seconds = 0, virtual_bytes = 0, resident_bytes = 0,
         started = 0;  // `started`: seconds after boot

  process_stat() {
    std::ifstream file("/proc/self/stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));  // the name before may hold anything
    const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
    std::string field;
    for (int number = 3; number <= 24 && fields >> field; ++number) {
      if (number == 14 || number == 15) cpu_seconds += std::stod(field) / ticks;
      if (number == 22) started = std::stod(field) / ticks;
      if (number == 23) virtual_bytes = std::stod(field);
      if (number == 24) resident_bytes = std::stod(field) * static_cast<double>(sysconf(_SC_PAGESIZE));
    }
  }
};

/// Seconds since 1970.
double boot_time() {
  std::ifstream file("/proc/stat");
  for (std::string word; file >> word;)
    if (double time = 0; word == "btime" && file >> time) return time;
  return 0;
}

double open_files() {
  double count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count - 1;  // that of the listing itself
}

}  // namespace

std::vector<prometheus::MetricFamily> process_metrics() {
  const process_stat stat;
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  std::vector<prometheus::MetricFamily> all;
  const auto tell = [&](const char* name, MetricType type, const char* help, double value) {
    all.push_back(make_family(name, type, help));
    add(all.back(), {}, value);
  };
  tell("process_cpu_seconds_total", MetricType::Counter, "User and system CPU time spent, in seconds.",
       stat.cpu_seconds);
  tell("process_resident_memory_bytes", MetricType::Gauge, "Resident memory, in bytes.", stat.resident_bytes);
  tell("process_virtual_memory_bytes", MetricType::Gauge, "Virtual memory, in bytes.", stat.virtual_bytes);
  tell("process_start_time_seconds", MetricType::Gauge, "Start of the process, in seconds since 1970.",
       boot_time() + stat.started);
  tell("process_open_fds", MetricType::Gauge, "Open file descriptors.", open_files());
  tell("process_max_fds", MetricType::Gauge, "Limit of open file descriptors.",
       static_cast<double>(files.rlim_cur));
  return all;
}

}  // namespace weir
