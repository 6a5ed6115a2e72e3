#include "actors/users_reader_actor.hpp"

#include "actors/users_task.hpp"

namespace weir {

caf::behavior users_reader_actor::make_behavior() {
  return {
      [this](const batch_mail& mail) { task_.read(mail); },
      [this](const end_mail&) { quit(); },
  };
}

}  // namespace weir
