# Run by CPack on the tree that it is about to pack: completions for zsh go where Debian's zsh looks, man page and changelogs
# are compressed, and one of these has Debian's form.
set(root ${CPACK_TEMPORARY_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX})
file(MAKE_DIRECTORY ${root}/share/zsh/vendor-completions)
file(RENAME ${root}/share/zsh/site-functions/_mechanist ${root}/share/zsh/vendor-completions/_mechanist)
file(REMOVE_RECURSE ${root}/share/zsh/site-functions)

# lib/pkgconfig is for files that are the same on every architecture: libraries are named without their folder.
set(pkgconfig ${root}/lib/pkgconfig/mechanist.pc)
file(READ ${pkgconfig} content)
string(REPLACE "/hdf5/serial -lhdf5 " " -lhdf5_serial " content "${content}")
string(REGEX REPLACE " -L/usr/lib[^ ]*" "" content "${content}")
file(WRITE ${pkgconfig} "${content}")

# The man page names installed folders.
set(man_page ${root}/share/man/man1/mechanist.1)
file(READ ${man_page} content)
string(REPLACE " ${CPACK_MECHANIST_CONFIGURED_PREFIX}/" " ${CPACK_PACKAGING_INSTALL_PREFIX}/" content "${content}")
file(WRITE ${man_page} "${content}")

file(RENAME ${root}/share/doc/mechanist/CHANGELOG.md ${root}/share/doc/mechanist/changelog)
set(changelog ${root}/share/doc/mechanist/changelog.Debian)
set(ENV{LC_ALL} C)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # SOURCE_DATE_EPOCH makes it a function of the source
file(WRITE ${changelog} "mechanist (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=medium

  * Packaged by CPack; what changed is told in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
execute_process(COMMAND gzip -9nf ${changelog} ${root}/share/doc/mechanist/changelog ${man_page}
                COMMAND_ERROR_IS_FATAL ANY)
