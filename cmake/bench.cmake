# One program for each bench/*.c, into bench/ of the build folder, where scripts/bench finds them.
file(GLOB BENCH_SOURCES CONFIGURE_DEPENDS bench/*.c)
foreach(source ${BENCH_SOURCES})
  get_filename_component(name ${source} NAME_WE)
  # A program of several files has the others in a folder of its name.
  file(GLOB parts CONFIGURE_DEPENDS bench/${name}/*.c)
  add_executable(bench_${name} ${source} ${parts})
  set_target_properties(bench_${name} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
  # What is measured is described where it is tested.
  target_include_directories(bench_${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_link_libraries(bench_${name} PRIVATE mechanist_options mechanist_internal Threads::Threads m)
endforeach()
