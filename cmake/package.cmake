# `cpack -G DEB` in the build folder makes packages as Debian splits them: mechanist (the program), libmechanist0 (the shared
# library, where it is built), libmechanist-dev, python3-mechanist (with MECHANIST_PYTHON) and mechanist-web (the page, where
# `make web` built it).
set(CPACK_PACKAGE_VENDOR "The mechanist authors")
set(CPACK_PACKAGE_CONTACT "The mechanist authors <maintainers@example.org>" CACHE STRING
    "Who maintains packages: name and address")
set(CPACK_PACKAGE_DESCRIPTION
    "From substrate or product measured over time in four runs at different
catalyst loadings, mechanist ranks the twenty classes of catalytic mechanisms
that may have produced the curves. It simulates stiff reaction kinetics,
trains small recurrent networks on simulated reactions, and comes with a
trained one.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_GROUPING IGNORE)
set(CPACK_COMPONENTS_ALL program development)
if(BUILD_SHARED_LIBS)
  list(APPEND CPACK_COMPONENTS_ALL library)
endif()
if(TARGET mechanist_python)
  list(APPEND CPACK_COMPONENTS_ALL python)
endif()
if(EXISTS ${CMAKE_SOURCE_DIR}/build/page/index.html)
  list(APPEND CPACK_COMPONENTS_ALL web)
endif()
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME mechanist)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_NAME libmechanist0)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_NAME libmechanist-dev)
set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-mechanist)
set(CPACK_DEBIAN_WEB_PACKAGE_NAME mechanist-web)
set(CPACK_COMPONENT_PROGRAM_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}
.
This package holds the program and the trained networks.")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}
.
This package holds the C library.")
set(CPACK_COMPONENT_DEVELOPMENT_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}
.
This package holds what programs are compiled with that use the C library.")
set(CPACK_COMPONENT_PYTHON_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}
.
This package holds the module for Python.")
set(CPACK_COMPONENT_WEB_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}
.
This package holds the page that runs the program in a browser, for web
servers and for 'mechanist open'.")
set(CPACK_DEBIAN_WEB_PACKAGE_ARCHITECTURE all)
set(CPACK_DEBIAN_WEB_PACKAGE_SECTION science)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_SUGGESTS "mechanist-web, xdg-utils")

# What the program is linked with is found by dpkg-shlibdeps; who links with the library needs what it was built with.
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(same "(= ${PROJECT_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE})")
set(CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS fonts-dejavu-core)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_DEPENDS fonts-dejavu-core)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libcairo2-dev, libexpat1-dev, libhdf5-dev, libjansson-dev, libsundials-dev, zlib1g-dev")
set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS "mechanist ${same}, python3 (>= 3.11), python3-numpy, python3-cffi-backend, fonts-dejavu-core")
set(CPACK_DEBIAN_PYTHON_PACKAGE_SUGGESTS python3-pandas)
if(BUILD_SHARED_LIBS)
  string(APPEND CPACK_DEBIAN_PROGRAM_PACKAGE_DEPENDS ", libmechanist0 ${same}")
  string(PREPEND CPACK_DEBIAN_DEVELOPMENT_PACKAGE_DEPENDS "libmechanist0 ${same}, ")
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR})
  set(CPACK_DEBIAN_LIBRARY_PACKAGE_GENERATE_SHLIBS ON)
endif()

# Debian's policy on places and compression, where it differs from a plain installation.
set(CPACK_MECHANIST_CONFIGURED_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/debian_policy.cmake)
include(CPack)
