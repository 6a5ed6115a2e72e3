#include "pipeline/kpi/retention.hpp"

#include "pipeline/kpi/contribute_user.hpp"
#include "pipeline/kpi/families.hpp"
#include "pipeline/kpi/metrics.hpp"

namespace weir {

namespace {

enum class sums : std::uint8_t {
  cohort_size,
  d1_users,
  d7_users,
  d30_users,
  w1_users,
  w2_users,
  w3_users,
  w4_users,
  w5_users,
  w6_users,
  w7_users,
  w8_users,
  w9_users,
  w10_users,
  w11_users,
  w12_users,
  count_
};
constexpr auto sum_names = slot_names<sums>(
    "cohort_size", "d1_users", "d7_users", "d30_users", "w1_users", "w2_users", "w3_users", "w4_users",
    "w5_users", "w6_users", "w7_users", "w8_users", "w9_users", "w10_users", "w11_users", "w12_users");

/// The days of a cohort, counted from its first, of which one share tells.
struct share {
  std::string_view name;
  std::int64_t first, last;
};
constexpr std::array shares = {share{"d1", 1, 1},    share{"d7", 7, 7},    share{"d30", 30, 30},
                               share{"w1", 7, 13},   share{"w2", 14, 20},  share{"w3", 21, 27},
                               share{"w4", 28, 34},  share{"w5", 35, 41},  share{"w6", 42, 48},
                               share{"w7", 49, 55},  share{"w8", 56, 62},  share{"w9", 63, 69},
                               share{"w10", 70, 76}, share{"w11", 77, 83}, share{"w12", 84, 90}};
static_assert(shares.back().last == last_cohort_day);

constexpr std::uint8_t slot_of(std::size_t share) { return static_cast<std::uint8_t>(share + 1); }

/// True when all its days are over.
bool over(const share& x, std::int64_t cohort_end, std::int64_t watermark) {
  return watermark >= cohort_end + x.last * day_size;
}

/// Users are counted as they come back; a share is null until its days are over.
void write_retention(const cell& c, const metrics_context& context, json_writer& out) {
  const auto size = c.sum(slot(sums::cohort_size));
  out.field(sum_names[0], size);
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const auto users = c.sum(slot_of(i));
    const bool told = over(shares[i], context.window_end, context.watermark);
    out.field(sum_names[slot_of(i)], users);
    out.field(shares[i].name,
              told ? ratio(static_cast<double>(users), static_cast<double>(size)) : std::nan(""));
  }
}

}  // namespace

const family_definition retention_definition{
    family::retention, "retention", {}, false, sum_names, {}, {}, {}, {}, write_retention};

void contribute_cohort(std::string_view site, std::int64_t first_seen, const active_day_set& days,
                       contributions& out) {
  out.begin(family::retention, day_of(first_seen) * day_size, site);
  out.sum(slot(sums::cohort_size), 1);
  for (std::size_t i = 0; i < shares.size(); ++i)
    out.sum(slot_of(i), days.any(shares[i].first, shares[i].last));
  out.end();
}

unsigned retention_told(std::int64_t cohort_end, std::int64_t watermark) {
  unsigned n = 0;
  for (const auto& x : shares) n += over(x, cohort_end, watermark);
  return n;
}

std::int64_t retention_complete(std::int64_t cohort_end) { return cohort_end + last_cohort_day * day_size; }

}  // namespace weir
