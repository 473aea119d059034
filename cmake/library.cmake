# libmechanist: everything under src but the command line, compiled once, whatever it is then put into: an archive or a
# shared object (BUILD_SHARED_LIBS). Of src/base, which the program uses beside the public header, a shared object shows
# nothing but public functions: the program has a copy of its own.
file(GLOB_RECURSE MECHANIST_SOURCES CONFIGURE_DEPENDS src/*.c)
list(FILTER MECHANIST_SOURCES EXCLUDE REGEX "/src/cli/|${LEFT_OUT}")
file(GLOB_RECURSE LANES_SOURCES CONFIGURE_DEPENDS src/*_lanes.c)
list(REMOVE_ITEM MECHANIST_SOURCES ${LANES_SOURCES})
set(BASE_SOURCES ${MECHANIST_SOURCES})
list(FILTER BASE_SOURCES INCLUDE REGEX "/src/base/")
list(REMOVE_ITEM MECHANIST_SOURCES ${BASE_SOURCES})
add_library(mechanist_base OBJECT ${BASE_SOURCES})
add_library(mechanist_objects OBJECT ${MECHANIST_SOURCES})
foreach(objects mechanist_base mechanist_objects)
  target_link_libraries(${objects} PRIVATE mechanist_options ${MECHANIST_NEEDS})
  set_target_properties(${objects} PROPERTIES POSITION_INDEPENDENT_CODE ${MECHANIST_POSITION_INDEPENDENT})
endforeach()

# Where shipped models lie that are found neither near the library nor near the program. Where its own file lies, a library
# learns by a function beyond POSIX (2008; in that of 2024).
set_source_files_properties(
  src/learn/model/shipped_models.c
  PROPERTIES COMPILE_DEFINITIONS
             "_GNU_SOURCE;MECHANIST_MODELS_FOLDER=\"${CMAKE_INSTALL_FULL_DATADIR}/mechanist/models\"")

# A library of all objects; the sources named *_lanes.c are added below.
set(MECHANIST_LIBRARIES mechanist)
add_library(mechanist $<TARGET_OBJECTS:mechanist_base> $<TARGET_OBJECTS:mechanist_objects>)
# Before version 1.0 a minor version may change what programs are linked with.
set_target_properties(mechanist PROPERTIES VERSION ${PROJECT_VERSION}
                                           SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
if(BUILD_SHARED_LIBS)
  # Tests of what is inside, which a shared object hides, and the program's copy of src/base.
  add_library(mechanist_internal STATIC EXCLUDE_FROM_ALL $<TARGET_OBJECTS:mechanist_base> $<TARGET_OBJECTS:mechanist_objects>)
  add_library(mechanist_base_archive STATIC $<TARGET_OBJECTS:mechanist_base>)
  list(APPEND MECHANIST_LIBRARIES mechanist_internal)
else()
  add_library(mechanist_internal ALIAS mechanist)
endif()
foreach(library ${MECHANIST_LIBRARIES})
  set_target_properties(${library} PROPERTIES LINKER_LANGUAGE C)
  target_include_directories(${library} PUBLIC $<BUILD_INTERFACE:${CMAKE_SOURCE_DIR}/include>
                                               $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${library} PRIVATE $<BUILD_INTERFACE:mechanist_options> ${MECHANIST_NEEDS})
endforeach()

# Nobody reads errno after the square roots of the optimiser, and without it they run in vectors.
set_source_files_properties(src/learn/optimiser/optimiser.c PROPERTIES COMPILE_OPTIONS -fno-math-errno)

# Sources named *_lanes.c hold one algorithm written for vectors of any width. Each is compiled once for each instruction
# set, which sets LANES_SUFFIX (of its functions' names) and LANES_BYTES (of a vector); which one runs is chosen at run
# time (src/base/machine/processor.h).
#
# The solver unrolls whole steps from constant tables, which takes more unrolling than compilers do of themselves.
# Instrumented code is none the faster for it, and takes minutes to compile.
if(NOT MECHANIST_UNROLL OR MECHANIST_SANITIZE)
  # As compilers unroll of themselves.
elseif(CMAKE_C_COMPILER_ID STREQUAL "GNU")
  set_source_files_properties(
    src/simulate/rosenbrock_lanes.c
    PROPERTIES COMPILE_OPTIONS
               "--param=max-completely-peeled-insns=200000;--param=max-completely-peel-times=64;--param=max-completely-peel-loop-nest-depth=30"
  )
elseif(CMAKE_C_COMPILER_ID MATCHES "Clang")
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
  foreach(library ${MECHANIST_LIBRARIES})
    target_sources(${library} PRIVATE $<TARGET_OBJECTS:${object}>)
  endforeach()
endfunction()

file(GLOB_RECURSE LEARN_LANES_SOURCES CONFIGURE_DEPENDS src/learn/*_lanes.c)
function(add_lanes suffix bytes)
  add_lanes_object(${suffix} "${LANES_SOURCES}" ${bytes} ${ARGN})
  if(NOT MECHANIST_SANITIZE)
    # The solver is compiled once more for each mechanism of the library; sanitizers watch the general path, and
    # this one would take most of the time of building.
    target_compile_definitions(mechanist_lanes_${suffix} PRIVATE MECHANIST_SPECIALISED)
  endif()
  # The engine once more in float64, for exact predictions.
  add_lanes_object(${suffix}_float64 "${LEARN_LANES_SOURCES}" ${bytes} ${ARGN})
  target_compile_definitions(mechanist_lanes_${suffix}_float64 PRIVATE LANES_REAL=double)
endfunction()

# Which sets there are beyond the baseline: of x86-64 all, or those that this machine has. A build whose programs run here
# alone (sanitizers) loses nothing with the others, and they take longest to compile there.
set(WIDER_SETS "")
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64" AND NOT MECHANIST_INSTRUCTION_SETS STREQUAL "baseline")
  set(WIDER_SETS avx2 avx512)
  if(MECHANIST_INSTRUCTION_SETS STREQUAL "runnable")
    include(CheckCSourceRuns)
    set(RUNS "int main(void) { return !(__builtin_cpu_supports(")
    check_c_source_runs("${RUNS}\"avx2\") && __builtin_cpu_supports(\"fma\")); }" MECHANIST_RUNS_AVX2)
    check_c_source_runs("${RUNS}\"avx512f\") && __builtin_cpu_supports(\"avx512dq\") && __builtin_cpu_supports(\"avx512vl\")
                         && __builtin_cpu_supports(\"avx512bw\")); }" MECHANIST_RUNS_AVX512)
    if(NOT MECHANIST_RUNS_AVX2)
      list(REMOVE_ITEM WIDER_SETS avx2)
    endif()
    if(NOT MECHANIST_RUNS_AVX512)
      list(REMOVE_ITEM WIDER_SETS avx512)
    endif()
  endif()
endif()

# Those that choose among the sets.
set(CHOOSING_SOURCES src/base/machine/processor.c src/learn/engine/engine.c src/simulate/rosenbrock.c)

if(LANES_SOURCES)
  if(EMSCRIPTEN)
    add_lanes(baseline 16 -msimd128)
  else()
    add_lanes(baseline 16)
  endif()
  if(avx2 IN_LIST WIDER_SETS)
    set_property(SOURCE ${CHOOSING_SOURCES} APPEND PROPERTY COMPILE_DEFINITIONS MECHANIST_AVX2_LANES)
    add_lanes(avx2 32 -mavx2 -mfma)
  endif()
  if(avx512 IN_LIST WIDER_SETS)
    set_property(SOURCE ${CHOOSING_SOURCES} APPEND PROPERTY COMPILE_DEFINITIONS MECHANIST_AVX512_LANES)
    add_lanes(avx512 64 -mavx512f -mavx512dq -mavx512vl -mavx512bw -mfma -mprefer-vector-width=512)
  endif()
endif()
