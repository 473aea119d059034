# One test program for each tests/test_*.c (cmocka) and one test for each tests/cli_*.sh, which runs the built program.
# A test that needs what is not there says so and counts as skipped.
pkg_check_modules(CMOCKA IMPORTED_TARGET cmocka)
if(NOT CMOCKA_FOUND)
  message(STATUS "Without tests, which need cmocka (scripts/install-dependencies --tests)")
  return()
endif()
set(LEAK_OPTIONS "LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/leaks.txt:print_suppressions=0")

# Those that take longest begin first, so that none of them is left running alone in the end.
set(LONGEST_TESTS data_generate stream cli_train cli_export_runtime cli_study)

# What takes minutes under sanitizers and runs little there that the others do not: `long`, left out there. (Fits are watched
# in fit_parts, fit_second_reactant and cli_fit.)
set(LONG_WAYS_ROUND cli_train cli_export_runtime cli_study cli_models engine_gradient evidence classify cli_classify cli_evaluate cli_fit_beyond
    fit_run_set)

# Labels: `slow` and `night`, which only the long tier runs, by name; `long`; `threads` for what ThreadSanitizer repeats: test
# programs that speak of threads, and scripts that say "several threads" of themselves. (In the others one thread does what
# matters, or what test programs cover.)
function(label_test test source)
  set(labels "")
  set(sign "threads")
  if(source MATCHES "_(slow|night)\\.")
    list(APPEND labels slow)
  endif()
  if(source MATCHES "_night\\.")
    list(APPEND labels night)
  endif()
  if(test IN_LIST LONG_WAYS_ROUND)
    list(APPEND labels long)
  endif()
  if(source MATCHES "\\.sh$")
    set(sign "several threads")
  endif()
  if(test IN_LIST LONGEST_TESTS)
    set_tests_properties(${test} PROPERTIES COST 1000)
  endif()
  file(STRINGS ${source} threaded REGEX "${sign}" LIMIT_COUNT 1)
  if(threaded)
    list(APPEND labels threads)
  endif()
  set_tests_properties(${test} PROPERTIES LABELS "${labels}")
endfunction()

file(GLOB TEST_SOURCES CONFIGURE_DEPENDS tests/test_*.c)
foreach(source ${TEST_SOURCES})
  get_filename_component(name ${source} NAME_WE)
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE mechanist_options mechanist_internal PkgConfig::CMOCKA PkgConfig::JANSSON PkgConfig::ZLIB hdf5::hdf5
                                        Threads::Threads m)
  target_compile_definitions(${name} PRIVATE SHARED_DIR="${MECHANIST_SHARED_DIR}" SOURCE_DIR="${CMAKE_SOURCE_DIR}")
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  string(REPLACE "test_" "" short ${name})
  add_test(NAME ${short} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  set_tests_properties(${short} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 ENVIRONMENT "${LEAK_OPTIONS}")
  label_test(${short} ${source})
endforeach()

# Models of SBML are read and checked by those who define the format, and integrated without mechanist.
pkg_check_modules(SBML IMPORTED_TARGET libsbml)
foreach(name test_sbml test_petab)
  if(SBML_FOUND AND MECHANIST_CVODE)
    target_link_libraries(${name} PRIVATE PkgConfig::SBML SUNDIALS::cvode SUNDIALS::nvecserial SUNDIALS::sunmatrixdense SUNDIALS::sunlinsoldense)
    target_compile_definitions(${name} PRIVATE HAVE_LIBSBML)
  endif()
endforeach()

# What a benchmark brings along is tested, too.
file(GLOB EVIDENCE_SOURCES CONFIGURE_DEPENDS bench/evidence/*.c)
target_sources(test_evidence PRIVATE ${EVIDENCE_SOURCES})
target_include_directories(test_evidence PRIVATE ${CMAKE_SOURCE_DIR}/bench)

file(GLOB TEST_SCRIPTS CONFIGURE_DEPENDS tests/cli_*.sh)
foreach(script ${TEST_SCRIPTS})
  get_filename_component(name ${script} NAME_WE)
  add_test(NAME ${name} COMMAND sh ${script})
  set_tests_properties(
    ${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 ENVIRONMENT
                       "MECHANIST=$<TARGET_FILE:mechanist_program>;SOURCE_DIR=${CMAKE_SOURCE_DIR};BUILD_DIR=${CMAKE_BINARY_DIR};SHARED_DIR=${MECHANIST_SHARED_DIR};${LEAK_OPTIONS}")
  label_test(${name} ${script})
endforeach()

# The Python module: what it does, and, slowly, the package as a whole.
if(MECHANIST_PYTHON)
  file(GLOB PYTHON_TESTS CONFIGURE_DEPENDS python/tests/test_*.py)
  set(PYTHON_PACKAGE_TEST ${CMAKE_SOURCE_DIR}/python/tests/test_package.py)
  list(REMOVE_ITEM PYTHON_TESTS ${PYTHON_PACKAGE_TEST})
  add_test(NAME python_module COMMAND sh ${CMAKE_SOURCE_DIR}/tests/python_module.sh ${PYTHON_TESTS})
  add_test(NAME python_package COMMAND sh ${CMAKE_SOURCE_DIR}/tests/python_module.sh ${PYTHON_PACKAGE_TEST})
  set_tests_properties(
    python_module python_package
    PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 ENVIRONMENT
               "PYTHON=${Python3_EXECUTABLE};PYTHON_FOLDER=${CMAKE_BINARY_DIR}/python;MECHANIST=$<TARGET_FILE:mechanist_program>;SOURCE_DIR=${CMAKE_SOURCE_DIR};BUILD_DIR=${CMAKE_BINARY_DIR};SHARED_DIR=${MECHANIST_SHARED_DIR}")
  set_tests_properties(python_package PROPERTIES LABELS slow)
endif()

# Several processes, in a build that knows them.
if(MECHANIST_MPI)
  file(GLOB MPI_SCRIPTS CONFIGURE_DEPENDS tests/mpi_*.sh)
  foreach(script ${MPI_SCRIPTS})
    get_filename_component(name ${script} NAME_WE)
    add_test(NAME ${name} COMMAND sh ${script})
    set_tests_properties(
      ${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 900 LABELS mpi ENVIRONMENT
                         "MECHANIST=$<TARGET_FILE:mechanist_program>;SOURCE_DIR=${CMAKE_SOURCE_DIR};BUILD_DIR=${CMAKE_BINARY_DIR};SHARED_DIR=${MECHANIST_SHARED_DIR};${LEAK_OPTIONS}")
  endforeach()
endif()
