# What `cmake --install` puts in place: the program with man page, completions and models, the library with its header,
# CMake package and pkg-config file, the documentation, the page where it was built; with `--component python` the Python
# module. Components are the packages of Debian (package.cmake).
include(CMakePackageConfigHelpers)
set(MODELS_FOLDER ${CMAKE_INSTALL_DATADIR}/mechanist/models)
set(MECHANIST_BASH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/bash-completion/completions
    CACHE STRING "Where bash looks for completions, below the prefix")
set(MECHANIST_ZSH_COMPLETION_DIR ${CMAKE_INSTALL_DATADIR}/zsh/site-functions
    CACHE STRING "Where zsh looks for completions, below the prefix")

install(TARGETS mechanist_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(DIRECTORY models/ DESTINATION ${MODELS_FOLDER} COMPONENT program)
install(DIRECTORY build/page/ DESTINATION ${CMAKE_INSTALL_DATADIR}/mechanist/web COMPONENT web OPTIONAL)
install(FILES completions/mechanist.bash DESTINATION ${MECHANIST_BASH_COMPLETION_DIR} RENAME mechanist COMPONENT program)
install(FILES completions/_mechanist DESTINATION ${MECHANIST_ZSH_COMPLETION_DIR} COMPONENT program)

# The program writes its own man page, which takes that it runs on the machine that builds it.
if(NOT CMAKE_CROSSCOMPILING)
  set(MAN_PAGE ${CMAKE_BINARY_DIR}/mechanist.1)
  add_custom_command(
    OUTPUT ${MAN_PAGE}
    COMMAND ${CMAKE_SOURCE_DIR}/scripts/man-page $<TARGET_FILE:mechanist_program>
            ${CMAKE_INSTALL_FULL_DATADIR}/mechanist/models ${CMAKE_INSTALL_FULL_DOCDIR} > ${MAN_PAGE}.new
    COMMAND ${CMAKE_COMMAND} -E rename ${MAN_PAGE}.new ${MAN_PAGE}
    DEPENDS mechanist_program scripts/man-page docs/mechanist.1.in
    VERBATIM)
  add_custom_target(man ALL DEPENDS ${MAN_PAGE})
  install(FILES ${MAN_PAGE} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
endif()

install(FILES include/mechanist.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(TARGETS mechanist EXPORT mechanist_targets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development
        LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT development)

# find_package(mechanist)
set(PACKAGE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/mechanist)
configure_package_config_file(cmake/mechanistConfig.cmake.in mechanistConfig.cmake INSTALL_DESTINATION ${PACKAGE_FOLDER}
                              PATH_VARS MODELS_FOLDER)
write_basic_package_version_file(mechanistConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/mechanistConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/mechanistConfigVersion.cmake
        DESTINATION ${PACKAGE_FOLDER} COMPONENT development)
install(EXPORT mechanist_targets NAMESPACE mechanist:: FILE mechanistTargets.cmake DESTINATION ${PACKAGE_FOLDER}
        COMPONENT development)

# pkg-config --static mechanist. What the static library needs is named by where it was found: some systems have several
# builds of HDF5. Paths are relative to the file, so that the installed tree can be moved.
file(RELATIVE_PATH PREFIX_FROM_PKGCONFIG ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" PREFIX_FROM_PKGCONFIG ${PREFIX_FROM_PKGCONFIG})
set(OPTIONAL_FLAGS "")
if(MECHANIST_HDF5)
  string(APPEND OPTIONAL_FLAGS " -L$<TARGET_FILE_DIR:hdf5::hdf5> -lhdf5")
endif()
if(MECHANIST_CVODE)
  set(CVODE_TARGET SUNDIALS::cvode_static)
  if(TARGET SUNDIALS::cvode_shared)
    set(CVODE_TARGET SUNDIALS::cvode_shared)
  endif()
  string(APPEND OPTIONAL_FLAGS " -L$<TARGET_FILE_DIR:${CVODE_TARGET}> -lsundials_cvode -lsundials_nvecserial "
                               "-lsundials_sunmatrixdense -lsundials_sunlinsoldense")
endif()
if(MECHANIST_CAIRO)
  list(JOIN CAIRO_LDFLAGS " " CAIRO_FLAGS)
  string(APPEND OPTIONAL_FLAGS " ${CAIRO_FLAGS}")
endif()
list(JOIN JANSSON_LDFLAGS " " JANSSON_FLAGS)
list(JOIN EXPAT_LDFLAGS " " EXPAT_FLAGS)
list(JOIN ZLIB_LDFLAGS " " ZLIB_FLAGS)
configure_file(cmake/mechanist.pc.in mechanist.pc.generate @ONLY)
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/mechanist.pc INPUT ${CMAKE_CURRENT_BINARY_DIR}/mechanist.pc.generate)
install(FILES ${CMAKE_BINARY_DIR}/mechanist.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT development)

install(FILES README.md CHANGELOG.md CITATION.cff DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright COMPONENT program)
install(DIRECTORY docs examples DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT program PATTERN "*.in" EXCLUDE)

if(TARGET mechanist_python)
  set(PYTHON_PACKAGES lib/python3/dist-packages) # Debian's, whatever the version
  install(TARGETS mechanist_python LIBRARY DESTINATION ${PYTHON_PACKAGES}/mechanist/base COMPONENT python EXCLUDE_FROM_ALL)
  install(DIRECTORY python/mechanist DESTINATION ${PYTHON_PACKAGES} COMPONENT python EXCLUDE_FROM_ALL
          FILES_MATCHING PATTERN "*.py" PATTERN "*.pyi" PATTERN "py.typed" PATTERN "__pycache__" EXCLUDE)
endif()
