#include "tools/replay_inputs.hpp"

#include "pipeline/event/access_log.hpp"

namespace weir {

bool is_access_log(const std::filesystem::path& name, std::string_view first_line) {
  if (looks_like_access_log(first_line)) return true;
  const auto begin = first_line.find_first_not_of(" \t");
  if (begin != std::string_view::npos && first_line[begin] == '{') return false;
  const bool packed = name.extension() == ".gz" || name.extension() == ".zst";
  return (packed ? name.stem() : name).extension() == ".log";
}

void replay_inputs::open(const std::vector<std::string>& files, const std::string& format,
                         std::size_t max_line, std::int64_t now) {
  for (const auto& file : files) {
    std::unique_ptr<line_source> source;
    bool access = format == "access";
    try {
      source = std::make_unique<line_source>(file, max_line, now);
      if (format == "auto") access = weir::is_access_log(file, source->peek());
    } catch (const input_error& x) {
      errors_.emplace_back(x.what());
    }
    sources_.push_back(std::move(source));
    access_.push_back(access);
  }
}

bool replay_inputs::any() const {
  for (const auto& source : sources_)
    if (source) return true;
  return false;
}

std::shared_ptr<const record_chunk> replay_inputs::next(std::size_t partition, std::size_t batch) {
  if (!sources_[partition]) return nullptr;
  try {
    return sources_[partition]->next(batch);
  } catch (const input_error& x) {
    std::lock_guard lock(mutex_);
    errors_.emplace_back(x.what());
    return nullptr;
  }
}

std::uint64_t replay_inputs::bytes_read() const {
  std::uint64_t n = 0;
  for (const auto& s : sources_) n += s ? s->bytes_read() : 0;
  return n;
}

std::uint64_t replay_inputs::bytes_total() const {
  std::uint64_t n = 0;
  for (const auto& s : sources_) n += s ? s->bytes_total() : 0;
  return n;
}

std::uint64_t replay_inputs::lines() const {
  std::uint64_t n = 0;
  for (const auto& s : sources_) n += s ? static_cast<std::uint64_t>(s->lines()) : 0;
  return n;
}

}  // namespace weir
