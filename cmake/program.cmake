# The command-line program.
file(GLOB_RECURSE PROGRAM_SOURCES CONFIGURE_DEPENDS src/cli/*.c)
add_executable(mechanist_program ${PROGRAM_SOURCES})
set_target_properties(mechanist_program PROPERTIES OUTPUT_NAME mechanist)
target_compile_definitions(mechanist_program PRIVATE MECHANIST_MODELS_FOLDER="${CMAKE_INSTALL_FULL_DATADIR}/mechanist/models")
target_link_libraries(mechanist_program PRIVATE mechanist_options mechanist PkgConfig::JANSSON m)
