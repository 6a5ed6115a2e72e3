#include "tools/replay_output.hpp"

#include <cerrno>
#include <cstring>

#include "actors/clock_report.hpp"
#include "pipeline/kpi/family.hpp"
#include "tools/output_error.hpp"

namespace weir {

namespace {

constexpr std::size_t file_buffer = 1 << 20;

/// The session_key, as JSON has it: every revision of a session carries the same.
std::string_view session_key_of(std::string_view json) {
  constexpr std::string_view name = "\"session_key\":\"";
  const auto at = json.find(name) + name.size();
  auto end = at;
  while (end < json.size() && json[end] != '"') end += json[end] == '\\' ? 2 : 1;
  return json.substr(at, end - at);
}

/// In order of session keys, those of one key by their partitions.
std::string session_place(std::string_view json, std::int32_t partition) {
  std::string place(session_key_of(json));
  place.push_back('\0');
  for (int shift = 24; shift >= 0; shift -= 8) place.push_back(static_cast<char>(partition >> shift & 0xff));
  return place;
}

}  // namespace

replay_output::replay_output(const std::filesystem::path& dir, rocks_db& work) : dir_(dir), work_(work) {
  std::error_code failed;
  std::filesystem::create_directories(dir / "gold", failed);
  if (failed) throw output_error("cannot make " + (dir / "gold").string() + ": " + failed.message());
  events_ = open("events.ndjson");
  dlq_ = open("dlq.ndjson");
  late_ = open("late.ndjson");
  sessions_ = work.family("sessions");
  users_ = work.family("users");
  for (std::size_t f = 0; f < families; ++f)
    gold_[f] = work.family("gold." + std::string(definition(static_cast<family>(f)).name));
}

replay_output::~replay_output() {
  for (auto* f : {&events_, &dlq_, &late_})
    if (f->handle) std::fclose(f->handle);
}

replay_output::file replay_output::open(const std::string& name) {
  file f{dir_ / name, nullptr};
  f.handle = std::fopen(f.path.c_str(), "wb");
  if (!f.handle) throw output_error("cannot write " + f.path.string() + ": " + std::strerror(errno));
  std::setvbuf(f.handle, nullptr, _IOFBF, file_buffer);
  return f;
}

void replay_output::line(file& to, std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), to.handle) == text.size() &&
      std::fputc('\n', to.handle) != EOF)
    return;
  throw output_error("cannot write " + to.path.string() + ": " + std::strerror(errno));
}

void replay_output::close(file& f) {
  const bool failed = std::fflush(f.handle) != 0;
  const int why = errno;
  std::fclose(std::exchange(f.handle, nullptr));
  if (failed) throw output_error("cannot write " + f.path.string() + ": " + std::strerror(why));
}

void replay_output::take(const outbox& box, const outbox::record& r) {
  const auto value = box.value(r);
  const auto put = [&](rocksdb::ColumnFamilyHandle* family, std::string_view key) {
    const rocksdb::Slice k(key.data(), key.size());
    check(value.empty() ? work_.db().Delete(rocks_db::unlogged(), family, k)
                        : work_.db().Put(rocks_db::unlogged(), family, k, {value.data(), value.size()}),
          "keep a record");
  };
  switch (r.topic) {
    case output::events:
      return line(events_, value);
    case output::dlq:
      return line(dlq_, value);
    case output::late:
      return line(late_, value);
    case output::sessions:
      if (box.key(r).starts_with(clock_key_prefix)) return;
      return put(sessions_, session_place(value, r.source));
    case output::users:
      return put(users_, box.key(r));
    case output::gold:
      return put(gold_[r.family], box.key(r));
    default:
      return;
  }
}

std::uint64_t replay_output::write_all(const std::string& family, const std::string& name) {
  auto to = open(name);
  std::uint64_t standing = 0;
  const std::unique_ptr<rocksdb::Iterator> i(
      work_.db().NewIterator(rocksdb::ReadOptions(), work_.family(family)));
  for (i->SeekToFirst(); i->Valid(); i->Next()) {
    const std::string_view value(i->value().data(), i->value().size());
    line(to, value);
    if (value.find("\"withdrawn\":true") == std::string_view::npos) ++standing;
  }
  check(i->status(), "read what is kept");
  close(to);
  return standing;
}

std::uint64_t replay_output::finish() {
  for (auto* f : {&events_, &dlq_, &late_}) close(*f);
  for (std::size_t f = 0; f < families; ++f) {
    const std::string name(definition(static_cast<family>(f)).name);
    write_all("gold." + name, "gold/" + name + ".ndjson");
  }
  write_all("users", "users.ndjson");
  return write_all("sessions", "sessions.ndjson");
}

}  // namespace weir
