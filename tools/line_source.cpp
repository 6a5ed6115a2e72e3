#include "tools/line_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <atomic>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace weir {

namespace {

constexpr std::size_t block = 256 * 1024;
constexpr std::size_t chunk_bytes = 1 << 20;
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr char zstd_magic[4] = {'\x28', '\xb5', '\x2f', '\xfd'};

// The library names what it was given: a descriptor's number, which tells a user nothing.
std::string_view without_descriptor(std::string_view text) {
  constexpr std::string_view end = ">: ";
  const auto at = text.find(end);
  return text.starts_with("<fd:") && at != std::string_view::npos ? text.substr(at + end.size()) : text;
}

}  // namespace

struct line_source::input {
  std::string path;
  std::size_t max_line = 0;
  std::int64_t record_time = 0;
  gzFile file = nullptr;
  ZSTD_DStream* zstd = nullptr;
  std::vector<char> packed;  // of zstd
  ZSTD_inBuffer pending{nullptr, 0, 0};
  std::size_t frame_left = 0;  // what zstd still expects of its frame
  std::string buffer;          // plain bytes not yet taken
  std::size_t at = 0;
  bool ended = false;
  std::string error;
  std::int64_t line = 0;
  bool cutting = false;  // within a line that is too long
  std::uint64_t total = 0;
  std::atomic<std::uint64_t> read{0};

  ~input() {
    if (zstd) ZSTD_freeDStream(zstd);
    if (file) gzclose(file);
  }

  std::string where() const { return path == "-" ? "standard input" : path; }

  void open() {
    const int fd = path == "-" ? dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) throw input_error("cannot open " + where() + ": " + std::strerror(errno));
    struct stat info {};
    if (fstat(fd, &info) == 0) {
      if (S_ISDIR(info.st_mode)) {
        ::close(fd);
        throw input_error("cannot read " + where() + ": it is a directory, expected a file");
      }
      if (S_ISREG(info.st_mode)) total = static_cast<std::uint64_t>(info.st_size);
    }
    file = gzdopen(fd, "rb");
    gzbuffer(file, block);
  }

  /// Bytes after gzip, if it was any. Negative: an error, which is kept.
  int get(char* to, std::size_t size) {
    const auto n = gzread(file, to, static_cast<unsigned>(size));
    read = static_cast<std::uint64_t>(std::max<z_off_t>(gzoffset(file), 0));
    int code = Z_OK;
    const char* text = gzerror(file, &code);
    if (n < 0 || code == Z_BUF_ERROR) {
      error = where() + " is broken or truncated: ";
      error += code == Z_ERRNO ? std::strerror(errno) : without_descriptor(text);
      return n < 0 ? 0 : n;
    }
    return n;
  }

  void fill_plain() {
    const auto size = buffer.size();
    buffer.resize(size + block);
    const auto n = get(buffer.data() + size, block);
    buffer.resize(size + static_cast<std::size_t>(n));
    if (n == 0) ended = true;
  }

  void fill_zstd() {
    if (pending.pos == pending.size) {
      const auto n = get(packed.data(), packed.size());
      if (n == 0) return end_zstd();
      pending = {packed.data(), static_cast<std::size_t>(n), 0};
    }
    unpack();
  }

  /// No more input; what the decoder still holds of its frame comes block by block.
  void end_zstd() {
    const auto size = buffer.size();
    if (frame_left != 0) unpack();
    if (buffer.size() > size) return;
    ended = true;
    if (frame_left != 0 && error.empty()) error = where() + " is truncated: its zstd frame does not end";
  }

  void unpack() {
    const auto size = buffer.size();
    buffer.resize(size + block);
    ZSTD_outBuffer out{buffer.data() + size, block, 0};
    frame_left = ZSTD_decompressStream(zstd, &out, &pending);
    buffer.resize(size + out.pos);
    if (!ZSTD_isError(frame_left)) return;
    error = where() + " is broken: " + ZSTD_getErrorName(frame_left);
    ended = true;
  }

  void begin() {
    fill_plain();
    if (buffer.size() < sizeof zstd_magic || std::memcmp(buffer.data(), zstd_magic, sizeof zstd_magic) != 0)
      return;
    zstd = ZSTD_createDStream();
    packed.assign(buffer.begin(), buffer.end());
    const auto first = packed.size();
    packed.resize(std::max(first, block));
    pending = {packed.data(), first, 0};
    buffer.clear();
    unpack();
  }
};

line_source::line_source(std::string path, std::size_t max_line, std::int64_t record_time)
    : input_(std::make_unique<input>()) {
  input_->path = std::move(path);
  input_->max_line = max_line;
  input_->record_time = record_time;
  input_->open();
  input_->begin();
  while (input_->buffer.size() < byte_order_mark.size() && fill()) {
  }
  if (input_->buffer.starts_with(byte_order_mark)) input_->at = byte_order_mark.size();
}

line_source::~line_source() = default;

std::uint64_t line_source::bytes_read() const { return input_->read; }
std::uint64_t line_source::bytes_total() const { return input_->total; }
std::int64_t line_source::lines() const { return input_->line; }

bool line_source::fill() {
  auto& in = *input_;
  if (in.ended) return false;
  in.buffer.erase(0, in.at);
  in.at = 0;
  if (in.zstd)
    in.fill_zstd();
  else
    in.fill_plain();
  return true;
}

std::string line_source::peek() {
  auto& in = *input_;
  for (;;) {
    const auto begin = in.buffer.find_first_not_of("\r\n", in.at);
    const auto end = begin == std::string::npos ? begin : in.buffer.find('\n', begin);
    if (end != std::string::npos) return in.buffer.substr(begin, end - begin);
    if (in.buffer.size() - in.at <= in.max_line && fill()) continue;
    return begin == std::string::npos ? std::string() : in.buffer.substr(begin);
  }
}

std::shared_ptr<const record_chunk> line_source::next(std::size_t max_records) {
  auto& in = *input_;
  auto chunk = std::make_shared<record_chunk>();
  chunk->bytes.reserve(chunk_bytes);
  while (chunk->entries.size() < max_records && chunk->bytes.size() < chunk_bytes) {
    const auto end = in.buffer.find('\n', in.at);
    const bool last = end == std::string::npos;
    if (last && in.buffer.size() - in.at <= in.max_line && fill()) continue;
    std::string_view text(in.buffer.data() + in.at, (last ? in.buffer.size() : end) - in.at);
    if (last && text.empty() && in.ended && !in.cutting) break;
    const bool whole = !last || in.ended;
    in.at += text.size() + (last ? 0 : 1);
    if (whole && text.ends_with('\r')) text.remove_suffix(1);
    if (!text.empty() && !in.cutting)
      chunk->add(in.line, in.record_time, {}, text.substr(0, in.max_line + 1));
    in.cutting = !whole;
    if (whole) ++in.line;
    if (last && in.ended) break;
  }
  if (!chunk->entries.empty()) return chunk;
  if (in.at < in.buffer.size() || !in.ended) return next(max_records);  // nothing but empty lines so far
  if (!in.error.empty()) throw input_error(std::exchange(in.error, {}));
  return nullptr;
}

}  // namespace weir
