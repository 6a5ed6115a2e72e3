# Builds data files into a library, so that weir is one binary.
#
#   include(embed)
#   weir_embed(weir_config config/data/referrers embedded_referrers)
#
# adds to the target a source with `std::span<const embedded_file> embedded_referrers()` (config/embedded.hpp): the *.yml,
# *.yaml and *.json files of the folder, or the one that is named after, in the order of their names. The source is written anew when one of them changes.
#
# The same file is the script that writes the source:
#   cmake -DOUTPUT=x.cpp -DFOLDER=config/data/referrers -DFUNCTION=embedded_referrers -P embed.cmake
function(weir_write_embedded output folder name only)
  if(only)
    set(files ${folder}/${only})
  else()
    file(GLOB files ${folder}/*.yml ${folder}/*.yaml ${folder}/*.json)
  endif()
  list(SORT files)
  set(code "#include \"config/embedded.hpp\"\n\nnamespace weir {\n\nnamespace {\n\nusing namespace std::string_view_literals;\n\nconstexpr embedded_file files[] = {\n")
  foreach(path IN LISTS files)
    get_filename_component(file ${path} NAME)
    file(READ ${path} text)
    # Compilers limit the length of one literal, not of what adjacent ones make together: a literal a line.
    string(REPLACE "\n" "\n)embed\"\nR\"embed(" text "${text}")
    string(APPEND code "{\"${file}\",\nR\"embed(${text})embed\"sv},\n")
  endforeach()
  string(APPEND code "};\n\n}  // namespace\n\nstd::span<const embedded_file> ${name}() { return files; }\n\n}  // namespace weir\n")
  file(WRITE ${output} "${code}")
endfunction()

function(weir_embed target folder name)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
  set(source ${CMAKE_CURRENT_SOURCE_DIR}/${folder})
  if(ARGN)
    set(files ${source}/${ARGN})
  else()
    file(GLOB files CONFIGURE_DEPENDS ${source}/*.yml ${source}/*.yaml ${source}/*.json)
  endif()
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DOUTPUT=${output} -DFOLDER=${source} -DFUNCTION=${name} -DONLY=${ARGN}
            -P ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    DEPENDS ${files} ${CMAKE_CURRENT_FUNCTION_LIST_FILE}
    VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  weir_write_embedded(${OUTPUT} ${FOLDER} ${FUNCTION} "${ONLY}")
endif()
