#pragma once

#include <cstdint>

namespace weir {

/// What a visitor does.
enum class action : std::uint8_t {
  session_start,
  page_view,
  click,
  scroll,
  form_start,
  form_submit,
  video_play,
  search,
  add_to_cart,
  purchase,
  signup,
  identify,
  session_end,
};

/// How far a visitor is on the way to a purchase.
enum class shopping : std::uint8_t { looking, wants, in_cart, at_checkout, bought };

/// What may be wrong with a record.
enum class defect : std::uint8_t {
  none,
  cut,
  no_event_id,
  unknown_type,
  bad_time,
  future_time,
  bad_url,
  wrong_type,
  long_id,
  nobody,
  not_an_object,
  count_
};

/// One stay of a visitor on a site.
struct visit {
  std::uint64_t id = 0;
  std::uint32_t visitor = 0;
  std::uint32_t site = 0;
  std::uint32_t page = 0;
  std::uint32_t left = 0;  // events to come
  std::uint32_t seen = 0;  // events so far
  std::uint8_t referrer = 0;
  std::uint8_t campaign = 0;  // 0: none
  std::uint8_t form = 0;
  shopping stage = shopping::looking;
  bool form_open = false;
  bool signup_due = false;  // the form was sent
  bool identified = false;
  bool framed = false;   // with session_start and session_end
  bool derived = false;  // without session_id
  bool returns = false;
};

/// One event of a visit, with all that its record is written from.
struct happening {
  visit who;
  std::int64_t time = 0;
  action what = action::page_view;
  defect wrong = defect::none;
  bool success = false;    // of a form
  std::uint64_t seed = 0;  // of the details
};

}  // namespace weir
