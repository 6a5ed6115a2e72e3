#include "tools/cli.hpp"

int main(int argc, char** argv) { return weir::run_cli(argc, argv); }
