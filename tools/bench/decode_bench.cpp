// What decoding and writing one event costs. The budget: a web event of 570 bytes in 0.7 us, its silver in
// 0.5 us.
#include <benchmark/benchmark.h>

#include <string>

#include "pipeline/base/arena.hpp"
#include "pipeline/event/access_log.hpp"
#include "pipeline/event/silver.hpp"
#include "pipeline/event/web_decoder.hpp"

namespace {

using namespace weir;

constexpr std::int64_t now = 1'708'253'000'000;

const std::string page_view =
    R"({"event_id":"018dbb3a-7c1e-7b2a-9d55-0f6b0f4c9a11","event_type":"page_view","timestamp":1708252200250,)"
    R"("session_id":"s-5f1c2e9a77d04b13","user_id":"u-1042","visitor_id":"v-9e107d9d372bb682","site_id":"shop",)"
    R"("page_url":"https://www.example.com/products/garden/chairs?utm_source=google&utm_medium=cpc",)"
    R"("page_title":"Garden chairs","referrer":"https://www.google.com/",)"
    R"("user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/121.0.0.0 Safari/537.36",)"
    R"("ip_address":"203.0.113.77","device_type":"desktop","country":"DE","screen_resolution":"1920x1080",)"
    R"("page_load_time_ms":843})";

const std::string click =
    R"({"event_id":"018dbb3a-8d2f-7c3b-8e66-1a7c1a5dab22","event_type":"click","timestamp":"2024-02-18T10:30:05.250Z",)"
    R"("session_id":"s-5f1c2e9a77d04b13","visitor_id":"v-9e107d9d372bb682","site_id":"shop",)"
    R"("page_url":"https://www.example.com/products/garden/chairs","page_path":"/products/garden/chairs",)"
    R"("user_agent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/121.0.0.0 Safari/537.36",)"
    R"("ip_address":"203.0.113.77","element_id":"buy","element_text":"Buy now","x_position":512.5,"y_position":300,)"
    R"("properties":{"position":3,"list":"spring","tags":["new","sale"]}})";

const std::string access_line =
    R"(203.0.113.77 - - [18/Feb/2024:10:30:00 +0000] "GET /products/garden/chairs?page=2 HTTP/1.1" 200 20302 )"
    R"("https://www.google.com/" "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Safari/537.36")";

void decode_web(benchmark::State& state, const std::string& payload) {
  const rules r;
  web_decoder decoder(r, source_rules{});
  arena texts;
  event e;
  fault f;
  std::size_t taken = 0;
  for (auto _ : state) {
    if (!decoder.decode(payload, now, texts, e, f)) state.SkipWithError(f.message.c_str());
    benchmark::DoNotOptimize(e);
    if (++taken % 1000 == 0) texts.reset();
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * payload.size()));
}
BENCHMARK_CAPTURE(decode_web, page_view, page_view);
BENCHMARK_CAPTURE(decode_web, click, click);

void decode_access_log(benchmark::State& state) {
  const rules r;
  const access_log_decoder decoder(r, "https://www.example.com", "default");
  arena texts;
  event e;
  fault f;
  std::int64_t line = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(decoder.decode(access_line, "access.log", line, now, texts, e, f));
    if (++line % 1000 == 0) texts.reset();
  }
}
BENCHMARK(decode_access_log);

void silver(benchmark::State& state, const std::string& payload) {
  const rules r;
  web_decoder decoder(r, source_rules{});
  arena texts;
  event e;
  fault f;
  if (!decoder.decode(payload, now, texts, e, f)) return state.SkipWithError(f.message.c_str());
  std::string out;
  for (auto _ : state) {
    if (out.size() > 1'000'000) out.clear();
    write_silver(e, {"topic_web_events|shop|s-5f1c2e9a77d04b13|1708252200250", "false", now}, 900 * 1024,
                 out);
  }
}
BENCHMARK_CAPTURE(silver, page_view, page_view);
BENCHMARK_CAPTURE(silver, click, click);

}  // namespace

BENCHMARK_MAIN();
