# Unit tests mirror the folders; simulation and integration tests are programs and CTest labels of their own.
enable_testing()
find_package(Threads REQUIRED)
find_path(DOCTEST_INCLUDE doctest/doctest.h REQUIRED)
find_library(RAPIDCHECK rapidcheck REQUIRED)

file(GLOB_RECURSE unit_sources CONFIGURE_DEPENDS tests/pipeline/*.cpp tests/config/*.cpp tests/state/*.cpp
     tests/actors/*.cpp tests/tools/*.cpp)
add_executable(weir_unit_tests tests/main.cpp ${unit_sources})
target_link_libraries(weir_unit_tests PRIVATE weir_tools ${RAPIDCHECK})
target_compile_definitions(weir_unit_tests PRIVATE WEIR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
add_test(NAME unit COMMAND weir_unit_tests)
set_tests_properties(unit PROPERTIES LABELS unit TIMEOUT 600)

# The simulation runs state and actors with the rules of recovery switchable.
file(GLOB_RECURSE mutable_sources CONFIGURE_DEPENDS state/*.cpp actors/*.cpp)
file(GLOB simulation_sources CONFIGURE_DEPENDS tests/simulation/*.cpp)
add_executable(weir_simulation ${simulation_sources} ${mutable_sources})
target_compile_definitions(weir_simulation PRIVATE WEIR_MUTATIONS=1)
target_link_libraries(weir_simulation PRIVATE weir_pipeline weir_config RocksDB::rocksdb-shared CAF::core CLI11::CLI11)
add_test(NAME simulation COMMAND weir_simulation --seeds 200)
set_tests_properties(simulation PROPERTIES LABELS simulation TIMEOUT 900)
