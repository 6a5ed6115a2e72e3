#pragma once

namespace weir {

/// The `weir` command line. Returns the exit status: 0 done; 1 input or output failed; 2 usage or
/// configuration; 3 as the command says.
int run_cli(int argc, char** argv);

}  // namespace weir
