# Run by CPack on the trees that it is about to pack, one for each component: completions for zsh go where Debian's zsh
# looks, man page and changelogs are compressed, and each package has a copyright and a changelog of Debian's form.
set(program_tree ${CPACK_TEMPORARY_DIRECTORY}/program${CPACK_PACKAGING_INSTALL_PREFIX})
set(development_tree ${CPACK_TEMPORARY_DIRECTORY}/development${CPACK_PACKAGING_INSTALL_PREFIX})
file(MAKE_DIRECTORY ${program_tree}/share/zsh/vendor-completions)
file(RENAME ${program_tree}/share/zsh/site-functions/_mechanist ${program_tree}/share/zsh/vendor-completions/_mechanist)
file(REMOVE_RECURSE ${program_tree}/share/zsh/site-functions)

# lib/pkgconfig is for files that are the same on every architecture: libraries are named without their folder.
set(pkgconfig ${development_tree}/lib/pkgconfig/mechanist.pc)
file(READ ${pkgconfig} content)
string(REPLACE "/hdf5/serial -lhdf5 " " -lhdf5_serial " content "${content}")
string(REGEX REPLACE " -L/usr/lib[^ ]*" "" content "${content}")
file(WRITE ${pkgconfig} "${content}")

# The man page names installed folders.
set(man_page ${program_tree}/share/man/man1/mechanist.1)
file(READ ${man_page} content)
string(REPLACE " ${CPACK_MECHANIST_CONFIGURED_PREFIX}/" " ${CPACK_PACKAGING_INSTALL_PREFIX}/" content "${content}")
file(WRITE ${man_page} "${content}")

file(RENAME ${program_tree}/share/doc/mechanist/CHANGELOG.md ${program_tree}/share/doc/mechanist/changelog)
set(ENV{LC_ALL} C)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH makes it a function of the source
file(WRITE ${program_tree}/share/doc/mechanist/changelog.Debian "mechanist (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Packaged by CPack; what changed is told in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
execute_process(COMMAND gzip -9nf ${program_tree}/share/doc/mechanist/changelog.Debian ${program_tree}/share/doc/mechanist/changelog ${man_page}
                COMMAND_ERROR_IS_FATAL ANY)
foreach(component ${CPACK_COMPONENTS_ALL})
  if(NOT component STREQUAL "program")
    string(TOUPPER ${component} key)
    set(documents ${CPACK_TEMPORARY_DIRECTORY}/${component}${CPACK_PACKAGING_INSTALL_PREFIX}/share/doc/${CPACK_DEBIAN_${key}_PACKAGE_NAME})
    foreach(file copyright changelog.Debian.gz)
      file(COPY ${program_tree}/share/doc/mechanist/${file} DESTINATION ${documents})
    endforeach()
  endif()
endforeach()
