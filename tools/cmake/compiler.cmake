# Flags that every target shares. Release is -O2: at -O3 g++ 12 warns falsely about std::string (-Wrestrict).
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
add_library(weir_options INTERFACE)
target_compile_options(weir_options INTERFACE -Wall -Wextra -Werror -fno-omit-frame-pointer)
if(WEIR_SANITIZE)
  # CAF needs -fno-sanitize=null; simdjson under sanitizers warns falsely about uninitialised members.
  target_compile_options(weir_options INTERFACE -fsanitize=address,undefined -fno-sanitize=null
                         -fno-sanitize-recover=undefined -Wno-maybe-uninitialized -O1 -g1)
  target_link_options(weir_options INTERFACE -fsanitize=address,undefined -fno-sanitize=null)
endif()
if(WEIR_MUTATIONS)
  target_compile_definitions(weir_options INTERFACE WEIR_MUTATIONS=1)
endif()
target_compile_definitions(weir_options INTERFACE WEIR_VERSION="${PROJECT_VERSION}")
find_program(CCACHE ccache)
if(CCACHE)  # an object is the same in any checkout
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE})
endif()
