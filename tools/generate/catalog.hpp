#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The world that generated traffic comes from: devices, countries, referrers, campaigns, sites and their
/// pages.
namespace weir {

struct device {
  std::string_view type, browser, browser_version, os, os_version, screen, agent;
};
std::span<const device> devices();

struct country {
  std::string_view code, region, city;
};
std::span<const country> countries();

/// Full URLs; empty for direct traffic. Frequent ones stand several times.
std::span<const std::string_view> referrers();

/// Queries of landing pages; the first is empty.
std::span<const std::string_view> campaigns();

std::span<const std::string_view> forms();
std::span<const std::string_view> searches();

struct page {
  std::string path, title;
};

struct site {
  std::string id, origin;  // "shop", "https://www.shop.example.com"
};

std::vector<page> make_pages(unsigned count);
std::vector<site> make_sites(unsigned count);

}  // namespace weir
