# `cmake --build BUILD --target doc`: the public header as web pages.
set(REFERENCE_FOLDER ${CMAKE_BINARY_DIR}/reference)
configure_file(docs/Doxyfile.in Doxyfile @ONLY)
find_program(MECHANIST_DOXYGEN doxygen)
if(MECHANIST_DOXYGEN)
  add_custom_target(doc COMMAND ${MECHANIST_DOXYGEN} ${CMAKE_CURRENT_BINARY_DIR}/Doxyfile VERBATIM)
endif()
