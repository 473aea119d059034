# The command-line program.
file(GLOB_RECURSE PROGRAM_SOURCES CONFIGURE_DEPENDS src/cli/*.c)
if(EMSCRIPTEN) # what pages are without (src/cli/options/commands.h)
  list(FILTER PROGRAM_SOURCES EXCLUDE REGEX
       "src/cli/((page|bench|study)/|evaluate/(predict|evaluate|calibrate|evaluation)|training/(train|generate|export|draw))")
endif()
add_executable(mechanist_program ${PROGRAM_SOURCES})
set_target_properties(mechanist_program PROPERTIES OUTPUT_NAME mechanist)
target_link_libraries(mechanist_program PRIVATE mechanist_options mechanist PkgConfig::JANSSON m)
if(BUILD_SHARED_LIBS)
  # From the shared object come the public functions alone; it stands first, so that none of them is taken from the copy.
  target_link_libraries(mechanist_program PRIVATE mechanist_base_archive PkgConfig::JANSSON)
endif()
# The installed program finds the library beside it, wherever the tree is moved.
file(RELATIVE_PATH LIBRARY_FROM_PROGRAM ${CMAKE_INSTALL_FULL_BINDIR} ${CMAKE_INSTALL_FULL_LIBDIR})
set_target_properties(mechanist_program PROPERTIES INSTALL_RPATH "$ORIGIN/${LIBRARY_FROM_PROGRAM}")
# The build folder has the shipped models where an installed tree has them, wherever it lies.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/share/mechanist)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/models ${CMAKE_BINARY_DIR}/share/mechanist/models SYMBOLIC)
# And the page, where it was built (make web).
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/build/page ${CMAKE_BINARY_DIR}/share/mechanist/web SYMBOLIC)
if(EMSCRIPTEN)
  # For pages and Node: a function that makes an instance, which is given command lines (web/worker.js).
  set_target_properties(mechanist_program PROPERTIES SUFFIX ".js")
  target_link_options(
    mechanist_program PRIVATE -sMODULARIZE=1 -sEXPORT_NAME=createMechanist -sINVOKE_RUN=0 -sEXIT_RUNTIME=1 -sALLOW_MEMORY_GROWTH=1
    -sENVIRONMENT=web,worker,node -sEXPORTED_RUNTIME_METHODS=callMain,FS,ENV -sTOTAL_STACK=4MB -sFILESYSTEM=1 -sNODEJS_CATCH_EXIT=0)
endif()
