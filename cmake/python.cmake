# The Python module (docs/python.md): the library and what CPython calls it by in one shared object, for the limited
# interface of CPython 3.11, and the folder build/python, from which Python imports the package as it is in the source tree.
# The first python3 of the path may be one that lacks Debian's packages.
if(NOT Python3_EXECUTABLE AND EXISTS /usr/bin/python3)
  set(Python3_EXECUTABLE /usr/bin/python3)
endif()
find_package(Python3 3.11 COMPONENTS Interpreter Development.Module)
if(Python3_Interpreter_FOUND)
  execute_process(COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/python/declarations.py ${CMAKE_SOURCE_DIR}/include/mechanist.h
                          ${CMAKE_BINARY_DIR}/python_module.c RESULT_VARIABLE python_failed OUTPUT_QUIET ERROR_QUIET)
endif()
if(NOT Python3_Development.Module_FOUND OR python_failed)
  message(STATUS "Without the Python module, which needs python3-dev and python3-cffi (scripts/install-dependencies --tests)")
  return()
endif()

set(PYTHON_FOLDER ${CMAKE_BINARY_DIR}/python)
add_custom_command(
  OUTPUT ${CMAKE_BINARY_DIR}/python_module.c
  COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/python/declarations.py ${CMAKE_SOURCE_DIR}/include/mechanist.h
          ${CMAKE_BINARY_DIR}/python_module.c
  DEPENDS include/mechanist.h python/declarations.py
  VERBATIM)
add_library(mechanist_python MODULE ${CMAKE_BINARY_DIR}/python_module.c)
target_include_directories(mechanist_python PRIVATE ${Python3_INCLUDE_DIRS})
target_link_libraries(mechanist_python PRIVATE mechanist_internal)
target_link_options(mechanist_python PRIVATE LINKER:--exclude-libs,ALL)
set_target_properties(mechanist_python PROPERTIES OUTPUT_NAME _library PREFIX "" SUFFIX .abi3.so
                                                  LIBRARY_OUTPUT_DIRECTORY ${PYTHON_FOLDER}/mechanist/base)

file(GLOB_RECURSE PYTHON_FILES CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}/python python/mechanist/*.py python/mechanist/*.pyi
     python/mechanist/py.typed)
foreach(file ${PYTHON_FILES})
  get_filename_component(folder ${PYTHON_FOLDER}/${file} DIRECTORY)
  file(MAKE_DIRECTORY ${folder})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/python/${file} ${PYTHON_FOLDER}/${file} SYMBOLIC)
endforeach()
# Where the library looks for the shipped models, seen from its own place.
file(MAKE_DIRECTORY ${PYTHON_FOLDER}/mechanist/share/mechanist)
file(CREATE_LINK ${CMAKE_SOURCE_DIR}/models ${PYTHON_FOLDER}/mechanist/share/mechanist/models SYMBOLIC)
