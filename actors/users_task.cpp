#include "actors/users_task.hpp"

#include <algorithm>

#include "pipeline/base/codec.hpp"
#include "pipeline/base/mutation.hpp"
#include "pipeline/event/dead_letter.hpp"
#include "pipeline/users/user_record.hpp"
#include "state/checkpoint/stored_value.hpp"

namespace weir {

namespace {

constexpr std::size_t searched_at_once = 1'000;  // users, before one commit
constexpr int searches_a_retention = 100;        // a user stays for a hundredth of it longer at most

std::string stored_value(task_store& store, std::string_view key) {
  const auto stored = store.get(key);
  parted_value value;
  read_value(store, key, decode_stored(stored.value()), value);
  return std::move(value.bytes);
}

}  // namespace

users_task::users_task(lane_context& lane, options o, checkpoint_rules checkpoints, task_id id,
                       std::shared_ptr<task_store> store)
    : lane_task(std::move(id), checkpoints, std::move(store)),
      lane_(lane),
      options_(std::move(o)),
      live_(lane, state, options_.max_live, [this](table_entry& e) {
        if (!e.has_value()) state.drop(e);  // unless the end of it has still to be written
      }) {
  lane_.spawn<reader_actor>(reader_, *this);
}

users_task::~users_task() = default;

// -- recovery
// --------------------------------------------------------------------------------------------------------

void users_task::load() {
  state.load([](std::string_view key, std::string_view) { return key.front() == source_key_prefix; });
  sources_.load(options_.sources);
}

void users_task::end_actors() {
  live_.end_all();
  lane_.send(*caf::actor_cast<caf::abstract_actor*>(reader_), end_mail{});
  lane_.unit.run_until_idle();
  reader_.reset();
  sources_.clear();
}

// -- reading
// ---------------------------------------------------------------------------------------------------------

void users_task::deliver(const fetched& run) {
  lane_.send(*caf::actor_cast<caf::abstract_actor*>(reader_),
             batch_mail{run.chunk.get(), run.first, run.count});
}

void users_task::read(const batch_mail& mail) {
  lane_.enter(state);
  for (auto i = mail.first; i < mail.first + mail.count && !lane_.failed; ++i) {
    const auto& r = mail.chunk->entries[i];
    const auto key = mail.chunk->key(r);
    const auto value = mail.chunk->value(r);
    try {
      if (buries(r.offset))
        bury(r, value);
      else if (key.starts_with(clock_key_prefix))
        sources_.take(key.substr(clock_key_prefix.size()), value, r.offset);
      else
        arrive(key, r, value);
    } catch (const decode_error& x) {
      lane_.fail({state.id(), r.offset, {}, x.what(), state.redoing()});
    }
    state.set_next(r.offset + 1);
  }
  groups_.hand_over([this](table_entry& e, const arrived_session& first) {
    lane_.send(live_.of<user_actor>(e, *this), user_mail{&first});
  });
}

void users_task::bury(const record_chunk::entry& r, std::string_view payload) {
  const auto before = lane_.made();
  state.add_dead(r.offset);
  const fault f{reason::internal_error, {}, "the record's handler failed; the node's log says how"};
  write_dead_letter(f, {state.id().topic, state.id().partition, r.offset, r.time}, payload, lane_.records());
  state.keyless(lane_.made() - before);
}

/// Puts a session to the others of its user in this batch.
void users_task::arrive(std::string_view key, const record_chunk::entry& r, std::string_view json) {
  if (used_ == arrived_.size()) arrived_.emplace_back();
  auto& x = arrived_[used_];
  json_.read(json, x.news);
  ++used_;
  x.offset = r.offset;
  groups_.add(state.entry(user_state_key(key)), x);
}

// -- users
// -----------------------------------------------------------------------------------------------------------

void users_task::user_changed(table_entry& e, const user_state& user, const digest& made) {
  state.changed(e, made);
  if (user.empty()) live_.end_if_empty(e);
}

void users_task::quiet() {
  used_ = 0;
  live_.quiet();
  state.make_room();
}

// -- clocks
// ----------------------------------------------------------------------------------------------------------

void users_task::advance_clocks(const clock_reading&) { sources_.advance(); }

std::optional<clock_report> users_task::report() {
  if (!sources_.complete() || !holds(rule::user_clocks)) return std::nullopt;
  return sources_.low();
}

std::int64_t users_task::horizon() const {
  const auto& low = sources_.low();
  return std::min(horizon_of(low.w, lane_.settings), low.settled);  // what is open has still to be published
}

bool users_task::fire_timers() {
  if (!state.redoing()) forget_old();
  return false;
}

/// Looks through what is stored, a part before each commit: who has expired has had no mail for long.
void users_task::forget_old() {
  const auto now = horizon();
  const bool searching = !forget_from_.empty();
  if (!searching && now - searched_at_ < lane_.settings.users_retention / searches_a_retention) return;
  if (!searching) {
    searched_at_ = now;
    forget_from_.assign(1, user_key_prefix);
  }
  std::vector<std::string> old, large;
  std::size_t seen = 0;
  bool more = false;
  state.store().scan(forget_from_, [&](std::string_view key, std::string_view bytes) {
    if (key.front() != user_key_prefix) return false;
    more = ++seen > searched_at_once;
    if (more) return forget_from_.assign(key), false;
    const auto stored = decode_stored(bytes);
    if (!stored.parts.empty())
      large.emplace_back(key);
    else if (!stored.tombstone && expired(decode_user_state(stored.bytes), lane_.settings, now))
      old.emplace_back(key);
    return true;
  });
  for (const auto& key : large)
    if (expired(decode_user_state(stored_value(state.store(), key)), lane_.settings, now)) old.push_back(key);
  if (!more) forget_from_.clear();
  for (const auto& key : old) forget(state.entry(key));
}

/// The end of a record is not owed: a redo does not go by clocks, and ending it twice changes nothing.
void users_task::forget(table_entry& e) {
  if (e.dirty() || !e.has_value()) return;  // the next search comes
  if (e.live) live_.end(e);
  lane_.enter(state);
  end_user(user_of_state_key(e.key()), lane_.records());
  state.clear_value(e);
  state.changed(e, {});
}

void users_task::describe(task_report& report) const {
  report.clocks = {sources_.low().w, sources_.low().c, task_clocks::no_time};
  report.actors = live_.size();
}

}  // namespace weir
