#include "actors/partials_actor.hpp"

#include "actors/kpi_task.hpp"

namespace weir {

caf::behavior partials_actor::make_behavior() {
  return {
      [this](const batch_mail& mail) { task_.read(mail); },
      [this](const end_mail&) { quit(); },
  };
}

}  // namespace weir
