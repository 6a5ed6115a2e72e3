# Unit tests mirror the folders; all else are programs and CTest labels of their own:
#   ctest --test-dir build -L 'unit|simulation|fuzz|integration|oracle|kill|kafka|bench' --output-on-failure
enable_testing()
find_package(Threads REQUIRED)
find_package(Python3 COMPONENTS Interpreter REQUIRED)
find_path(DOCTEST_INCLUDE doctest/doctest.h REQUIRED)
find_library(RAPIDCHECK rapidcheck REQUIRED)

# weir_test(name label seconds command...): a test whose label says what kind it is.
function(weir_test name label timeout)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} TIMEOUT ${timeout} ENVIRONMENT "PYTHONDONTWRITEBYTECODE=1")
endfunction()

file(GLOB_RECURSE unit_sources CONFIGURE_DEPENDS tests/pipeline/*.cpp tests/config/*.cpp tests/state/*.cpp
     tests/actors/*.cpp tests/serving/*.cpp tests/tools/*.cpp)
add_executable(weir_unit_tests tests/main.cpp ${unit_sources})
target_link_libraries(weir_unit_tests PRIVATE weir_tools ${RAPIDCHECK})
# Only those that read files of the project are told where it is: the others' objects fit any checkout (ccache).
foreach(source IN LISTS unit_sources)
  file(STRINGS ${source} uses LIMIT_COUNT 1 REGEX WEIR_SOURCE_DIR)
  if(uses)
    set_source_files_properties(${source} PROPERTIES COMPILE_DEFINITIONS WEIR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  endif()
endforeach()
weir_test(unit unit 600 weir_unit_tests)

# The simulation runs what has such rules with the rules of clocks and recovery switchable.
file(GLOB_RECURSE mutable_sources CONFIGURE_DEPENDS state/*.cpp actors/*.cpp)
list(APPEND mutable_sources pipeline/base/mutation.cpp pipeline/session/session_apply.cpp
     pipeline/session/session_life.cpp)
file(GLOB simulation_sources CONFIGURE_DEPENDS tests/simulation/*.cpp)
add_executable(weir_simulation ${simulation_sources} ${mutable_sources})
target_compile_definitions(weir_simulation PRIVATE WEIR_MUTATIONS=1)
target_link_libraries(weir_simulation PRIVATE weir_pipeline weir_config RocksDB::rocksdb-shared PkgConfig::rdkafka CAF::core spdlog::spdlog CLI11::CLI11)
set(WEIR_SIMULATION_SEEDS 200 CACHE STRING "Seeds that the CTest simulation runs")
weir_test(simulation simulation 900 weir_simulation --seeds ${WEIR_SIMULATION_SEEDS})
# Each of these rules switched off must be noticed: else the simulation proves nothing about it.
# The rarest, c_at_commits, needs hundreds of seeds: they begin where it needs few.
if(NOT WEIR_SANITIZE)
foreach(rule stamps tombstone_stamps aligned c_at_commits ring_clocks timers_before order dead_list dead_live_only
        evict_committed ties unpublished_kept forget_by_w idle_without_event one_mark_an_offset open_kept user_follows
        age_kept user_clocks)
  weir_test(simulation_without_${rule} simulation 900 weir_simulation --seed 3000 --seeds 2000 --without ${rule})
endforeach()
endif()

# The fuzzers under a corpus runner: g++ has no libFuzzer. That of state makes its corpus itself.
add_executable(decode_fuzz tests/fuzz/decode_fuzz.cpp tests/fuzz/corpus_runner.cpp)
target_link_libraries(decode_fuzz PRIVATE weir_pipeline)
file(GLOB state_fuzz_sources CONFIGURE_DEPENDS tests/fuzz/state_*.cpp)
add_executable(state_fuzz ${state_fuzz_sources} tests/fuzz/corpus_runner.cpp tests/pipeline/session/session_fixture.cpp)
target_link_libraries(state_fuzz PRIVATE weir_actors)
set(WEIR_FUZZ_ITERATIONS 100000 CACHE STRING "Mutations that the CTest fuzzers feed")
weir_test(decode_fuzz fuzz 300 decode_fuzz ${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/decode ${WEIR_FUZZ_ITERATIONS})
weir_test(state_fuzz fuzz 300 state_fuzz - ${WEIR_FUZZ_ITERATIONS})

# The real binary: bad input, and its output beside the oracle's, whose packages tools/setup-python installs. Not under
# sanitizers: they build no weir.
if(NOT WEIR_SANITIZE)
  weir_test(replay integration 300 ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/integration/replay_test.py
            $<TARGET_FILE:weir>)
  weir_test(readme integration 600 ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/integration/readme_test.py
            $<TARGET_FILE:weir>)
  weir_test(gold_merge integration 300 ${Python3_EXECUTABLE}
            ${PROJECT_SOURCE_DIR}/tests/integration/gold_merge_test.py $<TARGET_FILE:weir>)
  weir_test(deploy integration 300 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/integration/deploy_test.py $<TARGET_FILE:weir>)
  weir_test(local_cluster integration 400 ${Python3_EXECUTABLE}
            ${PROJECT_SOURCE_DIR}/tests/integration/local_cluster_test.py)
  weir_test(personal_data integration 300 ${Python3_EXECUTABLE}
            ${PROJECT_SOURCE_DIR}/tests/integration/personal_data_test.py $<TARGET_FILE:weir>)
  weir_test(commands integration 300 ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/integration/commands_test.py
            $<TARGET_FILE:weir>)
  foreach(part real_log cases users generated)
    weir_test(oracle_${part} oracle 300 ${PROJECT_SOURCE_DIR}/.venv/bin/python ${PROJECT_SOURCE_DIR}/tests/oracle/run.py
              ${part} $<TARGET_FILE:weir>)
  endforeach()
  weir_test(oracle_by_hand oracle 60 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/oracle/test_oracle.py)
endif()

# A real process killed at random, what is left of it beside the oracle: with redo, and with a checkpoint every commit.
if(NOT WEIR_SANITIZE)
  set(WEIR_KILLS 20 CACHE STRING "Kills of the CTest kill_loop")
  weir_test(kill_loop kill 900 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/integration/kill_loop.py $<TARGET_FILE:weir> --kills ${WEIR_KILLS})
  weir_test(kill_loop_without_redo kill 300 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/integration/kill_loop.py $<TARGET_FILE:weir> --kills 5 --seed 2 --checkpoint 0)
endif()

# Nodes on real brokers, a test at a time, beside the other tests: killed, frozen, robbed of their state.
if(NOT WEIR_SANITIZE)
  weir_test(kafka_chaos kafka 900 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/integration/kafka_chaos.py $<TARGET_FILE:weir>)
  weir_test(kafka_faults kafka 900 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/integration/kafka_faults.py $<TARGET_FILE:weir>)
  weir_test(kafka_three_brokers kafka 600 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/integration/kafka_three_brokers.py $<TARGET_FILE:weir>)
  weir_test(kafka_personal_data kafka 400 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/integration/kafka_personal_data_test.py $<TARGET_FILE:weir>)
  # What a node tells of itself, and the rules, dashboard and page that go by it.
  weir_test(observe integration 300 ${PROJECT_SOURCE_DIR}/.venv/bin/python
            ${PROJECT_SOURCE_DIR}/tests/integration/observe_test.py $<TARGET_FILE:weir>)
  foreach(part alerts commands security)
    weir_test(kafka_${part} kafka 600 ${PROJECT_SOURCE_DIR}/.venv/bin/python
              ${PROJECT_SOURCE_DIR}/tests/integration/kafka_${part}_test.py $<TARGET_FILE:weir>)
  endforeach()
  set_tests_properties(kafka_chaos kafka_faults kafka_three_brokers kafka_alerts kafka_commands kafka_security
                       kafka_personal_data observe PROPERTIES RESOURCE_LOCK broker)
endif()

# Benchmarks, a program a file. tools/bench/run runs them; sanitizers have no use for them.
find_package(benchmark REQUIRED)
file(GLOB bench_sources CONFIGURE_DEPENDS tools/bench/*_bench.cpp)
foreach(source IN LISTS bench_sources)
  get_filename_component(bench ${source} NAME_WE)
  add_executable(${bench} ${source})
  target_link_libraries(${bench} PRIVATE weir_tools benchmark::benchmark)
  if(WEIR_SANITIZE)
    set_target_properties(${bench} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endforeach()
target_compile_definitions(geo_bench PRIVATE WEIR_SOURCE_DIR="${PROJECT_SOURCE_DIR}")

# The lane beside its hand-written limit: tools/bench/run measures; here the two only have to put out the same.
file(GLOB pair_sources CONFIGURE_DEPENDS tools/bench/*.cpp)
list(FILTER pair_sources EXCLUDE REGEX "_bench.cpp$")
add_executable(weir_bench ${pair_sources})
target_link_libraries(weir_bench PRIVATE weir_actors weir_generate CLI11::CLI11)
if(WEIR_SANITIZE)
  set_target_properties(weir_bench PROPERTIES EXCLUDE_FROM_ALL ON)
else()
  weir_test(bench_smoke bench 300 ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/bench/run --smoke
            --program $<TARGET_FILE:weir_bench>)
endif()

# weir beside its peers on a real broker: tools/bench/peers/run measures; here weir alone must give what the load asks for.
file(GLOB load_sources CONFIGURE_DEPENDS tools/bench/peers/loadgen/*.cpp)
list(FILTER load_sources EXCLUDE REGEX "(drainwatch|latency|topicsum).cpp$")
add_executable(loadgen ${load_sources})
foreach(tool drainwatch latency topicsum)
  add_executable(${tool} tools/bench/peers/loadgen/${tool}.cpp)
endforeach()
foreach(tool loadgen drainwatch latency topicsum)
  target_include_directories(${tool} PRIVATE ${PROJECT_SOURCE_DIR})
  target_link_libraries(${tool} PRIVATE weir_options PkgConfig::rdkafka fmt::fmt CLI11::CLI11)
  if(WEIR_SANITIZE)
    set_target_properties(${tool} PROPERTIES EXCLUDE_FROM_ALL ON)
  endif()
endforeach()
if(NOT WEIR_SANITIZE)
  weir_test(peers_smoke bench 300 ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/bench/peers/run weir --rounds 1
            --events 50000 --sessions 2000 --build $<TARGET_FILE_DIR:weir>)
endif()

# One real broker at a time: several would starve each other.
if(NOT WEIR_SANITIZE)
  set_tests_properties(peers_smoke local_cluster readme PROPERTIES RESOURCE_LOCK broker)
endif()
