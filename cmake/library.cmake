# libmechanist: everything under src but the command line.
file(GLOB_RECURSE MECHANIST_SOURCES CONFIGURE_DEPENDS src/*.c)
list(FILTER MECHANIST_SOURCES EXCLUDE REGEX "/src/cli/")
add_library(mechanist ${MECHANIST_SOURCES})
target_include_directories(mechanist PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
                                            $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
target_compile_definitions(mechanist PRIVATE MECHANIST_VERSION="${PROJECT_VERSION}")
target_link_libraries(
  mechanist
  PRIVATE $<BUILD_INTERFACE:mechanist_options> hdf5::hdf5 SUNDIALS::cvode SUNDIALS::nvecserial SUNDIALS::sunmatrixdense
          SUNDIALS::sunlinsoldense PkgConfig::JANSSON PkgConfig::CAIRO Threads::Threads m)

# Nobody reads errno after the square roots of the optimiser, and without it they run in vectors.
set_source_files_properties(src/learn/optimiser/optimiser.c PROPERTIES COMPILE_OPTIONS -fno-math-errno)

# Sources named *_lanes.c hold one algorithm written for vectors of any width. Each is compiled once for each instruction
# set, which sets LANES_SUFFIX (of its functions' names) and LANES_BYTES (of a vector); which one runs is chosen at run
# time (src/base/machine/processor.h).
file(GLOB_RECURSE LANES_SOURCES CONFIGURE_DEPENDS src/*_lanes.c)
get_target_property(sources mechanist SOURCES)
list(REMOVE_ITEM sources ${LANES_SOURCES})
set_target_properties(mechanist PROPERTIES SOURCES "${sources}")
# The solver unrolls whole steps from constant tables, which takes more unrolling than compilers do of themselves.
# Instrumented code is none the faster for it, and takes minutes to compile.
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  set_source_files_properties(
    src/simulate/rosenbrock_lanes.c
    PROPERTIES COMPILE_OPTIONS
               "--param=max-completely-peeled-insns=200000;--param=max-completely-peel-times=64;--param=max-completely-peel-loop-nest-depth=30"
  )
elseif(CMAKE_C_COMPILER_ID MATCHES "Clang" AND MECHANIST_UNROLL AND NOT MECHANIST_SANITIZE AND NOT MECHANIST_FUZZ)
  set_source_files_properties(
    src/simulate/rosenbrock_lanes.c
    PROPERTIES COMPILE_FLAGS "-mllvm -unroll-threshold=200000 -mllvm -unroll-max-iteration-count-to-analyze=64"
  )
endif()

# Compiles sources for vectors of so many bytes with the compiler's options after `bytes`.
function(add_lanes_object suffix sources bytes)
  set(object mechanist_lanes_${suffix})
  add_library(${object} OBJECT ${sources})
  target_compile_definitions(${object} PRIVATE LANES_SUFFIX=${suffix} LANES_BYTES=${bytes})
  # A product and a sum may fuse; strict C17 would keep GCC from it.
  target_compile_options(${object} PRIVATE -ffp-contract=fast ${ARGN})
  target_link_libraries(${object} PRIVATE mechanist_options)
  set_target_properties(${object} PROPERTIES POSITION_INDEPENDENT_CODE ON)
  target_sources(mechanist PRIVATE $<TARGET_OBJECTS:${object}>)
endfunction()

file(GLOB_RECURSE LEARN_LANES_SOURCES CONFIGURE_DEPENDS src/learn/*_lanes.c)
function(add_lanes suffix bytes)
  add_lanes_object(${suffix} "${LANES_SOURCES}" ${bytes} ${ARGN})
  if(NOT MECHANIST_SANITIZE AND NOT MECHANIST_FUZZ)
    # The solver is compiled once more for each mechanism of the library; sanitizers watch the general path, and in
    # fuzzers, which do not solve, it would take most of the time of building.
    target_compile_definitions(mechanist_lanes_${suffix} PRIVATE MECHANIST_SPECIALISED)
  endif()
  # The engine once more in float64, for exact predictions.
  add_lanes_object(${suffix}_float64 "${LEARN_LANES_SOURCES}" ${bytes} ${ARGN})
  target_compile_definitions(mechanist_lanes_${suffix}_float64 PRIVATE LANES_REAL=double)
endfunction()

if(LANES_SOURCES)
  add_lanes(baseline 16)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_definitions(mechanist PRIVATE MECHANIST_X86_LANES)
    add_lanes(avx2 32 -mavx2 -mfma)
    add_lanes(avx512 64 -mavx512f -mavx512dq -mavx512vl -mavx512bw -mfma -mprefer-vector-width=512)
  endif()
endif()
