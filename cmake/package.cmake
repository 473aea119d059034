# `cpack -G DEB` in the build folder makes a Debian package of all that is installed.
set(CPACK_PACKAGE_VENDOR "The mechanist authors")
set(CPACK_PACKAGE_CONTACT "The mechanist authors <maintainers@example.org>" CACHE STRING
    "Who maintains packages: name and address")
set(CPACK_PACKAGE_DESCRIPTION
    "From substrate or product measured over time in four runs at different
catalyst loadings, mechanist ranks the twenty classes of catalytic mechanisms
that may have produced the curves. It simulates stiff reaction kinetics,
trains small recurrent networks on simulated reactions, and comes with a
trained one. The package holds the program and the C library.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
                                                WORLD_EXECUTE)

# What the program is linked with is found by dpkg-shlibdeps; who links with the library needs what it was built with.
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS fonts-dejavu-core)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libcairo2-dev, libhdf5-dev, libjansson-dev, libsundials-dev, pkg-config")

# Debian's policy on places and compression, where it differs from a plain installation.
set(CPACK_MECHANIST_CONFIGURED_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_SOURCE_DIR}/cmake/debian_policy.cmake)
include(CPack)
