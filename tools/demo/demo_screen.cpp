#include "tools/demo/demo_screen.hpp"

#include <date/date.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "tools/demo/terminal.hpp"

namespace weir {

namespace {

/// `2026-01-31 12:05`
std::string minute_of(std::int64_t ms) {
  const date::sys_time<std::chrono::milliseconds> t{std::chrono::milliseconds(ms)};
  return date::format("%F %H:%M", date::floor<std::chrono::minutes>(t));
}

/// `12,345,678`
std::string grouped(std::int64_t n) {
  const auto digits = fmt::format("{}", n);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0 && digits[i - 1] != '-') text += ',';
    text += digits[i];
  }
  return text;
}
std::string grouped(std::uint64_t n) { return grouped(static_cast<std::int64_t>(n)); }

/// A share in percent; a dash of nothing.
std::string percent(std::int64_t part, std::int64_t whole) {
  return whole == 0 ? "-"
                    : fmt::format("{:.1f} %", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

/// What was read is what became of it: never anything else.
std::string account(const intake_counts& c) {
  return fmt::format("in {} = valid {} + dead letters {}", grouped(c.in), grouped(c.valid),
                     grouped(c.dead_letters()));
}

std::string cut(const std::string& text, std::size_t width) {
  return clip(text, width) == text ? text : fmt::format("{}...", clip(text, width - 3));
}

std::string tables(const live_view::snapshot& g) {
  auto out = fmt::format("  {:<30}{:>8}     {:<26}{:>8}\n", "top pages", "views", "top sources", "sessions");
  for (std::size_t i = 0; i < std::max(g.pages.size(), g.sources.size()); ++i) {
    const auto left = i < g.pages.size() ? g.pages[i] : live_view::row{};
    const auto right = i < g.sources.size() ? g.sources[i] : live_view::row{};
    out += fmt::format("  {:<30}{:>8}     {:<26}{:>8}\n", cut(left.name, 29),
                       left.name.empty() ? "" : grouped(left.count), cut(right.name, 25),
                       right.name.empty() ? "" : grouped(right.count));
  }
  return out;
}

}  // namespace

std::string demo_line(const demo_moment& m) {
  const auto& g = m.gold;
  std::string pages = g.pages.empty() ? "-" : g.pages[0].name;
  std::string sources = g.sources.empty() ? "-" : g.sources[0].name;
  return fmt::format(
      "{}: visitors in the last 5 min {}; last hour: views {}, sessions {} closed {} open, bounce {}, top "
      "page "
      "{}, top source {}; {}, lag {}, "
      "{:.0f} a second; commits {}, checkpointed {}, redone {}, divergences {}",
      g.to == 0 ? "no gold yet" : minute_of(g.to), grouped(g.visitors), grouped(g.page_views),
      grouped(g.sessions_closed), grouped(g.sessions_open), percent(g.bounces, g.sessions_with_views), pages,
      sources, account(m.counts.intake), grouped(m.lag), m.rate, grouped(m.counts.commits),
      grouped(m.counts.checkpointed), grouped(m.counts.redone), m.counts.divergences);
}

std::string demo_screen(const demo_moment& m, const std::string& folder) {
  const auto& g = m.gold;
  const auto& c = m.counts;
  auto out = fmt::format("weir demo: {} records in the log at {}\n\n", grouped(m.sent), folder);
  out += fmt::format("  since start  {}\n", account(c.intake));
  out += fmt::format("               duplicates {}   late {}   too late {}\n", grouped(c.intake.duplicates),
                     grouped(c.intake.late), grouped(c.intake.too_late));
  out += fmt::format("               {:.0f} records a second   lag {}\n", m.rate, grouped(m.lag));
  out += fmt::format("               commits {}   values checkpointed {}   records redone {}\n\n",
                     grouped(c.commits), grouped(c.checkpointed), grouped(c.redone));
  if (g.to == 0) return out + "  no gold yet\n";
  out += fmt::format("  visitors in the last 5 min {}, from {} on (event time, UTC)\n\n", grouped(g.visitors),
                     minute_of(g.to));
  out += fmt::format("  last hour, from {} on:\n", minute_of(g.from));
  out += fmt::format("  page views {}   sessions {} closed, {} open\n", grouped(g.page_views),
                     grouped(g.sessions_closed), grouped(g.sessions_open));
  out += fmt::format("  bounce {}   conversions {} ({})   revenue {:.2f}\n\n",
                     percent(g.bounces, g.sessions_with_views), grouped(g.conversions),
                     percent(g.conversions, g.sessions_closed), g.revenue);
  out += tables(g);
  return out + "\n  Ctrl-C stops it. Kill it and start it again: nothing is lost, nothing comes twice.\n";
}

}  // namespace weir
