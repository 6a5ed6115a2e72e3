# Debian ships CAF without a CMake package.
find_path(CAF_INCLUDE caf/config.hpp)
find_library(CAF_CORE caf_core)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(caf REQUIRED_VARS CAF_CORE CAF_INCLUDE)
if(caf_FOUND AND NOT TARGET CAF::core)
  add_library(CAF::core SHARED IMPORTED)
  set_target_properties(CAF::core PROPERTIES IMPORTED_LOCATION ${CAF_CORE} INTERFACE_INCLUDE_DIRECTORIES ${CAF_INCLUDE})
endif()
