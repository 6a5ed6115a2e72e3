// What the traffic source of one page view costs.
#include <benchmark/benchmark.h>

#include "config/referrer_lists.hpp"

namespace {

const weir::traffic_sources& sources() {
  static const weir::traffic_sources made(weir::default_referrer_lists());
  return made;
}

void classify(benchmark::State& state, std::string_view url, std::string_view referrer) {
  const std::vector<std::string> domains{"pay.shop.example", "blog.example"};
  std::string scratch;
  const auto& all = sources();
  for (auto _ : state) {
    benchmark::DoNotOptimize(url);
    benchmark::DoNotOptimize(all.classify(url, referrer, domains, scratch).kind);
  }
}

constexpr auto page = "https://www.shop.example/products/shoes/red-runner-42?color=red&size=42";
constexpr auto tagged =
    "https://www.shop.example/products/"
    "shoes?utm_source=news&utm_medium=Email&utm_campaign=spring%20sale&utm_content=top";

BENCHMARK_CAPTURE(classify, no_referrer, page, "");
BENCHMARK_CAPTURE(classify, own_referrer, page, "https://www.shop.example/products/shoes?page=2");
BENCHMARK_CAPTURE(classify, own_domain, page, "https://blog.example/2024/02/how-to-run");
BENCHMARK_CAPTURE(classify, search_engine, page, "https://www.google.co.uk/");
BENCHMARK_CAPTURE(classify, search_term, page, "https://www.google.co.uk/search?hl=en&q=red+running+shoes");
BENCHMARK_CAPTURE(classify, network, page, "https://l.facebook.com/");
BENCHMARK_CAPTURE(classify, not_listed, page, "https://running.blogs.example/2024/02/best-shoes");
BENCHMARK_CAPTURE(classify, utm, tagged, "https://mail.google.com/");

void build(benchmark::State& state) {
  const auto lists = weir::default_referrer_lists();
  for (auto _ : state) benchmark::DoNotOptimize(weir::traffic_sources(lists));
}
BENCHMARK(build)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
