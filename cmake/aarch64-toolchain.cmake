# Cross-compilation for 64-bit ARM with Debian's compiler against the libraries that scripts/arm64-libraries unpacked; what
# is built runs under qemu-aarch64 (scripts/check-neon).
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(MECHANIST_SYSROOT ${CMAKE_SOURCE_DIR}/build/arm64-libraries CACHE PATH "Debian's arm64 libraries, unpacked")
# Trials of the compiler read this file anew and know only the variables that are named here.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES MECHANIST_SYSROOT)
set(CMAKE_SYSROOT ${MECHANIST_SYSROOT})
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -L ${CMAKE_SYSROOT})

# Libraries and headers are those of the unpacked packages only; HDF5 is found without its compiler wrapper, which would
# name those of the building machine.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
foreach(kind LIBRARY INCLUDE PACKAGE)
  set(CMAKE_FIND_ROOT_PATH_MODE_${kind} ONLY)
endforeach()
set(HDF5_C_COMPILER_EXECUTABLE "" CACHE FILEPATH "None")
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig)
