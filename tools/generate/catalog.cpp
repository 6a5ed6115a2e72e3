#include "tools/generate/catalog.hpp"

#include <algorithm>
#include <array>

namespace weir {
namespace {

constexpr std::array all_devices{
    device{
        "desktop", "Chrome", "126.0", "Windows", "10", "1920x1080",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
        "Safari/537.36"},
    device{"desktop", "Safari", "17.4", "Mac OS X", "10.15.7", "1440x900",
           "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
           "Version/17.4 "
           "Safari/605.1.15"},
    device{"mobile", "Mobile Safari", "17.5", "iOS", "17.5", "390x844",
           "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
           "Version/17.5 Mobile/15E148 Safari/604.1"},
    device{"mobile", "Chrome Mobile", "126.0", "Android", "14", "412x915",
           "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
           "Mobile "
           "Safari/537.36"},
    device{"desktop", "Firefox", "127.0", "Linux", "", "2560x1440",
           "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0"},
    device{
        "tablet", "Mobile Safari", "16.6", "iOS", "16.6", "820x1180",
        "Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 "
        "Mobile/15E148 Safari/604.1"},
    device{
        "desktop", "Edge", "125.0", "Windows", "11", "1536x864",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 "
        "Safari/537.36 Edg/125.0.0.0"},
    device{"mobile", "Samsung Internet", "25.0", "Android", "13", "360x780",
           "Mozilla/5.0 (Linux; Android 13; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) "
           "SamsungBrowser/25.0 "
           "Chrome/121.0.0.0 Mobile Safari/537.36"},
};

constexpr std::array all_countries{
    country{"US", "California", "San Jose"},  country{"DE", "Berlin", "Berlin"},
    country{"GB", "England", "London"},       country{"FR", "Île-de-France", "Paris"},
    country{"US", "New York", "New York"},    country{"IN", "Karnataka", "Bengaluru"},
    country{"BR", "São Paulo", "São Paulo"},  country{"JP", "Tokyo", "東京"},
    country{"CA", "Ontario", "Toronto"},      country{"NL", "Noord-Holland", "Amsterdam"},
    country{"PL", "Mazowieckie", "Warszawa"}, country{"AU", "New South Wales", "Sydney"},
};

constexpr std::array<std::string_view, 24> all_referrers{
    "",
    "",
    "",
    "",
    "",
    "",
    "https://www.google.com/",
    "https://www.google.com/",
    "https://www.google.com/",
    "https://www.google.de/",
    "https://www.bing.com/search?q=running+shoes",
    "https://duckduckgo.com/",
    "https://www.facebook.com/",
    "https://t.co/aB3dE5",
    "https://www.linkedin.com/feed/",
    "https://www.reddit.com/r/running/",
    "https://chatgpt.com/",
    "https://www.perplexity.ai/search?q=shoes",
    "https://mail.google.com/mail/u/0/",
    "https://news.example.net/articles/2026/best-shoes",
    "https://blog.example.org/review?id=7",
    "android-app://com.google.android.gm/",
    "https://ad.doubleclick.net/clk",
    "app:home",
};

constexpr std::array<std::string_view, 7> all_campaigns{
    "",
    "utm_source=google&utm_medium=cpc&utm_campaign=spring",
    "utm_source=newsletter&utm_medium=email&utm_campaign=weekly",
    "utm_source=instagram&utm_medium=social&utm_campaign=launch",
    "gclid=Cj0KCQjw",
    "msclkid=a1b2c3",
    "utm_source=partner&utm_campaign=spring+sale",
};

constexpr std::array<std::string_view, 3> all_forms{"contact", "newsletter", "signup"};

constexpr std::array<std::string_view, 5> all_searches{"shoes", "red shoes", "größe 42", "return policy",
                                                       "gift card"};

constexpr std::array<std::string_view, 5> sections{"products", "blog", "docs", "tours", "help"};

page make_page(unsigned n) {
  if (n == 0) return {"/", "Welcome"};
  const auto number = std::to_string(n);
  const std::string section(sections[n % sections.size()]);
  return {'/' + section + "/item-" + number, "Item " + number + " - all that there is to know about it"};
}

site make_site(unsigned n) {
  if (n == 0) return {"default", "https://www.example.com"};
  const auto id = n == 1 ? std::string("shop") : "site-" + std::to_string(n);
  return {id, "https://www." + id + ".example.com"};
}

}  // namespace

std::span<const device> devices() { return all_devices; }
std::span<const country> countries() { return all_countries; }
std::span<const std::string_view> referrers() { return all_referrers; }
std::span<const std::string_view> campaigns() { return all_campaigns; }
std::span<const std::string_view> forms() { return all_forms; }
std::span<const std::string_view> searches() { return all_searches; }

std::vector<page> make_pages(unsigned count) {
  std::vector<page> out;
  for (unsigned n = 0; n < std::max(count, 1U); ++n) out.push_back(make_page(n));
  return out;
}

std::vector<site> make_sites(unsigned count) {
  std::vector<site> out;
  for (unsigned n = 0; n < std::max(count, 1U); ++n) out.push_back(make_site(n));
  return out;
}

}  // namespace weir
