#pragma once

#include <exception>
#include <iostream>

#include "config/error.hpp"
#include "tools/usage_error.hpp"

namespace weir {

/// Runs a command and returns its status: 2 for options that cannot be followed, 1 for what else fails; both
/// are told. A config_error goes on to the caller.
template <class Command>
int guarded(const char* name, std::ostream& errors, Command&& command) {
  try {
    return command();
  } catch (const config_error&) {
    throw;
  } catch (const usage_error& x) {
    errors << name << ": " << x.what() << '\n';
    return 2;
  } catch (const std::exception& x) {
    errors << name << ": " << x.what() << '\n';
    return 1;
  }
}

}  // namespace weir
