# One libFuzzer program for each fuzz/fuzz_*.c, run on its corpus by scripts/fuzz. The whole library is instrumented, so
# that the fuzzer sees which branches an input reaches; sanitizers watch it.
if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang" OR NOT MECHANIST_SANITIZE)
  message(FATAL_ERROR "The fuzzers need Clang with its sanitizers: cmake --preset check-asan")
endif()
target_compile_options(mechanist_options INTERFACE -fsanitize=fuzzer-no-link)
file(GLOB FUZZ_SOURCES CONFIGURE_DEPENDS fuzz/fuzz_*.c)
foreach(source ${FUZZ_SOURCES})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
  target_link_libraries(${name} PRIVATE mechanist_options mechanist_internal PkgConfig::JANSSON PkgConfig::ZLIB hdf5::hdf5 Threads::Threads m)
endforeach()
