# The Debian package: CPack makes it, its dependencies are computed, and it runs from where it is unpacked.
for tool in cpack dpkg-deb dpkg-shlibdeps; do
    command -v $tool >/dev/null || { echo "skipped: $tool is not here"; exit 77; }
done
. "$(dirname "$0")/expect.sh"
: "${BUILD_DIR:?names the build folder}"
expect 0 'package: .*mechanist_.*\.deb generated' \
    cpack -G DEB --config "$BUILD_DIR/CPackConfig.cmake" -B "$work/packages"
package=$(ls "$work"/packages/mechanist_*.deb)
version=$("$MECHANIST" --version)
holds "the package has the program's version" test "$(dpkg-deb -f "$package" Version)" = "${version#mechanist }-1"
for library in libc6 libcairo2 libhdf5 libjansson4 libsundials fonts-dejavu-core; do
    holds "the package depends on $library" sh -c "dpkg-deb -f '$package' Depends | grep -q $library"
done

holds "the package can be unpacked" dpkg-deb --extract "$package" root
for file in bin/mechanist include/mechanist.h lib/libmechanist.a share/man/man1/mechanist.1.gz \
    share/bash-completion/completions/mechanist share/zsh/vendor-completions/_mechanist \
    share/doc/mechanist/copyright share/doc/mechanist/changelog.Debian.gz share/doc/mechanist/examples/classify.c \
    share/mechanist/models/hadamard-nature.safetensors share/mechanist/models/hadamard-nature.md; do
    holds "the package holds $file" test -s "root/usr/$file"
done
for name in mechanistConfig.cmake mechanist.pc; do
    holds "the package holds $name" sh -c "find root/usr/lib -name $name | grep -q ."
done
holds "the man page names the package's folders" \
    sh -c "gzip -dc root/usr/share/man/man1/mechanist.1.gz | grep -q '^.It Pa /usr/share/mechanist/models'"
holds "nothing in it is of the build" sh -c "! grep -rq '$BUILD_DIR' root/usr/lib/cmake root/usr/lib/pkgconfig root/usr/share"
expect 0 '^ *\* M6 +[3-6][0-9]\.' env -i "root/usr/bin/mechanist" classify --fast \
    root/usr/share/doc/mechanist/examples/iron-cycloisomerization.csv

# What a Debian reviewer would find wrong.
if command -v lintian >/dev/null; then
    holds "lintian finds no error" lintian --fail-on error --allow-root "$package"
else
    echo "skipped: lintian is not here"
fi
finish
