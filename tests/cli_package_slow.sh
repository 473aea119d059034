# The Debian packages: CPack makes them, their dependencies are computed, and they run from where they are unpacked.
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

development=$(ls "$work"/packages/libmechanist-dev_*.deb)
for library in libhdf5-dev libjansson-dev libcairo2-dev libsundials-dev; do
    holds "who compiles gets $library" sh -c "dpkg-deb -f '$development' Depends | grep -q $library"
done
holds "no file is in two packages" test -z "$(for one in "$work"/packages/*.deb; do
    dpkg-deb -c "$one" | awk '$1 !~ /^d/ { print $6 }'
done | sort | uniq -d)"
for one in "$work"/packages/*.deb; do
    holds "$one can be unpacked" dpkg-deb --extract "$one" root
    name=$(dpkg-deb -f "$one" Package)
    for file in copyright changelog.Debian.gz; do
        holds "$name holds its $file" test -s "root/usr/share/doc/$name/$file"
    done
done
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
expect 0 '^ *\* M[68] +[3-6][0-9]\.' env -i "root/usr/bin/mechanist" classify --fast \
    root/usr/share/doc/mechanist/examples/iron-cycloisomerization.csv

if [ -f "$BUILD_DIR/python/mechanist/base/_library.abi3.so" ]; then
    expect 0 "^$work/root/usr/lib/python3/dist-packages/mechanist/__init__.py M6$" env PYTHONPATH="$work/root/usr/lib/python3/dist-packages" \
        /usr/bin/python3 -c 'import mechanist; print(mechanist.__file__, mechanist.Mechanism.named("M6").id)'
fi
if [ -f "$SOURCE_DIR/build/page/index.html" ]; then
    holds "the page is where 'mechanist open' finds it" test -s root/usr/share/mechanist/web/index.html
fi

# What a Debian reviewer would find wrong.
if command -v lintian >/dev/null; then
    for one in "$work"/packages/*.deb; do
        holds "lintian finds no error in $one" lintian --fail-on error --allow-root "$one"
    done
else
    echo "skipped: lintian is not here"
fi
finish
