#include "tools/bench/limit_users.hpp"

#include "pipeline/users/user_record.hpp"

namespace weir::bench {

void limit_users::take(const outbox& made, std::size_t first, std::int64_t watermark, contributions& kpis,
                       outbox& out) {
  for (auto i = first; i < made.records().size(); ++i) {
    const auto& r = made.records()[i];
    if (r.topic != output::sessions) continue;
    const auto key = made.key(r);
    auto& user = users_[std::string(key)];
    reader_.read(made.value(r), news_);
    settle(user, rules_, horizon_of(watermark, rules_));
    if (weir::take(user, news_, key.substr(0, key.find('|')), rules_, kpis)) put_user(key, user, rules_, out);
  }
}

}  // namespace weir::bench
