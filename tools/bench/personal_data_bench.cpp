// What the search for personal data costs an event: most have none.
#include <benchmark/benchmark.h>

#include <string>

#include "pipeline/enrich/personal_fields.hpp"

namespace {

void search(benchmark::State& state, std::string_view url, std::string_view referrer, std::string_view form) {
  weir::arena texts;
  std::string scratch;
  for (auto _ : state) {
    weir::event e;
    e[weir::text::page_url] = url;
    e[weir::text::referrer] = referrer;
    e[weir::text::form_fields] = form;
    weir::find_personal_data(e, true, texts, scratch);
    benchmark::DoNotOptimize(e.personal);
    texts.reset();
  }
}

void no_query(benchmark::State& state) {
  search(state, "https://shop.example.com/garden/tools/spade", "https://www.google.com/", {});
}
BENCHMARK(no_query);

void query(benchmark::State& state) {
  search(state, "https://shop.example.com/search?q=garden+spade&page=3&sort=price&session=8f3a17c9d2",
         "https://www.google.com/search?q=garden%20spade&source=hp", {});
}
BENCHMARK(query);

void form(benchmark::State& state) {
  search(state, "https://shop.example.com/contact", {},
         R"({"topic":"order","text":"When does it come?","n":7})");
}
BENCHMARK(form);

void mail_in_query(benchmark::State& state) {
  search(state, "https://shop.example.com/newsletter?mail=ann.miller%40example.com&list=7", {}, {});
}
BENCHMARK(mail_in_query);

}  // namespace

BENCHMARK_MAIN();
