#include "actors/reader_actor.hpp"

namespace weir {

caf::behavior reader_actor::make_behavior() {
  return {
      [this](const batch_mail& mail) { task_.read(mail); },
      [this](const end_mail&) { quit(); },
  };
}

}  // namespace weir
