# The built-in designs, designs/*.txt, as a header, so that the library needs no folder to find them in.
file(GLOB DESIGNS CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/designs/*.txt)
set(arrays "")
set(rows "")
foreach(path ${DESIGNS})
  get_filename_component(name ${path} NAME_WE)
  string(MAKE_C_IDENTIFIER ${name} identifier)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${path})
  file(READ ${path} bytes HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "static const char design_${identifier}[] = {${bytes}0};\n")
  string(APPEND rows "    {\"${name}\", design_${identifier}},\n")
endforeach()
file(
  CONFIGURE
  OUTPUT ${CMAKE_BINARY_DIR}/generated/data/design/builtin.h
  CONTENT
    "/* Made from designs/ by cmake/designs.cmake. */
#ifndef MECH_DATA_DESIGN_BUILTIN_H
#define MECH_DATA_DESIGN_BUILTIN_H

@arrays@
static const struct {
    const char *name, *text;
} builtin_designs[] = {
@rows@};

#endif
"
  @ONLY)
target_include_directories(mechanist_objects PRIVATE ${CMAKE_BINARY_DIR}/generated)
